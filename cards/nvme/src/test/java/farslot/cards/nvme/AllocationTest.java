package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.BlockStore;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.Interrupts;
import farslot.pcie.CompletionStatus;
import farslot.pcie.LittleEndian;
import farslot.testkit.Allocations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Commands allocate nothing, once there have been as many at a time before. */
class AllocationTest {
  private static final int DEPTH = 32;
  private static final int TURNS = 500;
  private static final int CQ = 0x4000;
  private static final int SQ = 0x2000;
  private static final int DATA = 0x10000;

  /** Server memory from address 0 on, and everything reported a turn later; nothing allocates. */
  @SuppressWarnings("overloads")
  private static final class Machine implements FunctionPort, Dma, Interrupts, BlockStore {
    final MemorySegment memory = Arena.ofAuto().allocate(1 << 20, 4096);
    private final Dma.Done[] reads = new Dma.Done[4096];
    private final BlockStore.Done[] requests = new BlockStore.Done[4096];
    private final long[] readCookies = new long[4096];
    private final long[] requestCookies = new long[4096];
    private int readCount;
    private int requestCount;
    private int signals;
    private Runnable posted;

    void run() {
      while (readCount + requestCount > 0 || posted != null) {
        if (readCount + requestCount == 0) {
          Runnable task = posted;
          posted = null;
          task.run();
        } else if (readCount > 0) {
          readCount--;
          reads[readCount].done(readCookies[readCount], CompletionStatus.SC);
        } else {
          requestCount--;
          requests[requestCount].done(requestCookies[requestCount], BlockStore.Status.OK);
        }
      }
    }

    @Override
    public void read(
        long at, MemorySegment to, long offset, int bytes, Dma.Done done, long cookie) {
      MemorySegment.copy(memory, at, to, offset, bytes);
      reads[readCount] = done;
      readCookies[readCount++] = cookie;
    }

    @Override
    public void write(long at, MemorySegment from, long offset, int bytes) {
      MemorySegment.copy(from, offset, memory, at, bytes);
    }

    private void request(BlockStore.Done done, long cookie) {
      requests[requestCount] = done;
      requestCookies[requestCount++] = cookie;
    }

    @Override
    public void read(
        long position,
        MemorySegment to,
        long offset,
        int bytes,
        BlockStore.Done done,
        long cookie) {
      request(done, cookie);
    }

    @Override
    public void write(
        long position,
        MemorySegment from,
        long offset,
        int bytes,
        boolean durable,
        BlockStore.Done done,
        long cookie) {
      request(done, cookie);
    }

    @Override
    public void flush(BlockStore.Done done, long cookie) {
      request(done, cookie);
    }

    @Override
    public void deallocate(long position, long bytes, BlockStore.Done done, long cookie) {
      request(done, cookie);
    }

    @Override
    public void writeZeroes(
        long position, long bytes, boolean durable, BlockStore.Done done, long cookie) {
      request(done, cookie);
    }

    @Override
    public long sizeBytes() {
      return 1L << 30;
    }

    @Override
    public boolean readOnly() {
      return false;
    }

    @Override
    public void open(FunctionPort port) {}

    @Override
    public void close() {}

    @Override
    public Dma dma() {
      return this;
    }

    @Override
    public Interrupts interrupts() {
      return this;
    }

    @Override
    public long nowNs() {
      return 0;
    }

    @Override
    public Timer timer(Runnable task) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable task) {
      posted = task;
    }

    @Override
    public boolean hasRoom() {
      return true;
    }

    @Override
    public void onRoom(Runnable task) {}

    @Override
    public void signal(int vector) {
      signals++;
    }

    @Override
    public void level(boolean asserted) {}

    @Override
    public boolean messageSignalled() {
      return true;
    }

    @Override
    public int vectors() {
      return 9;
    }
  }

  private final Machine machine = new Machine();
  private final NvmeFunction card = Host.card(Map.of(), machine);
  private int tail;
  private int adminTail;
  private int turns;

  @Test
  void readsWritesAndFlushesAllocateNothing() {
    card.plug(machine);
    card.write(0, 0x24, 4, 15 << 16 | 15);
    card.write(0, 0x28, 8, 0);
    card.write(0, 0x30, 8, 0x1000);
    card.write(0, 0x14, 4, 4 << 20 | 6 << 16 | 1);
    admin(5, CQ, 255 << 16 | 1, 1 << 16 | 3);
    admin(1, SQ, 63 << 16 | 1, 1 << 16 | 1);
    assertThat(Allocations.perTurn(TURNS, this::turn) / DEPTH).isLessThan(1);
    assertThat(machine.signals).isEqualTo(turns + 2);
  }

  private void admin(int opcode, long prp1, int cdw10, int cdw11) {
    entry(adminTail * 64L, opcode, prp1, 0, cdw10, cdw11);
    card.write(0, 0x1000, 4, ++adminTail);
    machine.run();
  }

  private void entry(long at, int opcode, long prp1, long prp2, int cdw10, int cdw11) {
    LittleEndian.i32(machine.memory, at, opcode);
    LittleEndian.i32(machine.memory, at + 4, 1);
    LittleEndian.i64(machine.memory, at + 24, prp1);
    LittleEndian.i64(machine.memory, at + 32, prp2);
    LittleEndian.i32(machine.memory, at + 40, cdw10);
    LittleEndian.i32(machine.memory, at + 44, cdw11);
    LittleEndian.i32(machine.memory, at + 48, 7);
  }

  private void turn() {
    for (int i = 0; i < DEPTH; i++) {
      int opcode = i % 8 == 0 ? 0 : 1 + i % 2;
      entry(SQ + tail * 64L, opcode, DATA + i * 4096L + 2048, DATA + i * 4096L + 4096, i * 8, 0);
      tail = (tail + 1) % 64;
    }
    card.write(0, 0x1008, 4, tail);
    machine.run();
    card.write(0, 0x100C, 4, (long) ++turns * DEPTH % 256);
  }
}
