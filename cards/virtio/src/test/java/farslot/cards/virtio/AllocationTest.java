package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.pcie.LittleEndian;
import farslot.testkit.Allocations;
import farslot.testkit.BareMachine;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests allocate nothing, once there have been as many at a time before. */
class AllocationTest {
  private static final int DEPTH = 32;
  private static final int TURNS = 500;
  private static final int SIZE = 64;
  private static final int DESC = 0;
  private static final int AVAIL = 0x1000;
  private static final int USED = 0x2000;
  private static final int TABLES = 0x4000;
  private static final int HEADERS = 0x8000;
  private static final int DATA = 0x10000;

  private final BareMachine machine = new BareMachine();
  private final VirtioBlkFunction card = Host.card(Map.of(), machine);
  private int available;

  @Test
  void readsWritesAndFlushesAllocateNothing() {
    card.plug(machine);
    card.write(0, 0x14, 1, 3);
    card.write(0, 0x0C, 4, 1L << 28 | 1L << 9);
    card.write(0, 0x08, 4, 1);
    card.write(0, 0x0C, 4, 1);
    card.write(0, 0x14, 1, 11);
    card.write(0, 0x18, 2, SIZE);
    card.write(0, 0x1A, 2, 1);
    card.write(0, 0x20, 8, DESC);
    card.write(0, 0x28, 8, AVAIL);
    card.write(0, 0x30, 8, USED);
    card.write(0, 0x1C, 2, 1);
    card.write(0, 0x14, 1, 15);
    for (int i = 0; i < DEPTH; i++) {
      prepare(i);
    }
    assertThat(Allocations.perTurn(TURNS, this::turn) / DEPTH).isLessThan(1);
    assertThat(LittleEndian.u16(machine.memory, USED + 2)).isEqualTo(available & 0xFFFF);
    assertThat(machine.signals()).isPositive().isLessThanOrEqualTo(available);
  }

  /** Descriptor i of the queue leads to a table of its own. */
  private void prepare(int i) {
    boolean flush = i % 8 == 0;
    boolean read = i % 2 == 1;
    long table = TABLES + i * 64L;
    long header = HEADERS + i * 64L;
    descriptor(DESC + i * 16L, table, flush ? 32 : 48, 4, 0);
    descriptor(table, header, 16, 1, 1);
    if (!flush) {
      descriptor(table + 16, DATA + i * 4096L, 4096, read ? 3 : 1, 2);
    }
    descriptor(table + (flush ? 16 : 32), header + 16, 1, 2, 0);
    LittleEndian.i32(machine.memory, header, flush ? 4 : read ? 0 : 1);
    LittleEndian.i64(machine.memory, header + 8, i * 8L);
  }

  private void descriptor(long at, long address, int bytes, int flags, int next) {
    LittleEndian.i64(machine.memory, at, address);
    LittleEndian.i32(machine.memory, at + 8, bytes);
    LittleEndian.u16(machine.memory, at + 12, flags);
    LittleEndian.u16(machine.memory, at + 14, next);
  }

  private void turn() {
    for (int i = 0; i < DEPTH; i++) {
      LittleEndian.u16(machine.memory, AVAIL + 4 + 2L * (available++ % SIZE), i);
    }
    LittleEndian.u16(machine.memory, AVAIL + 2, available);
    card.write(0, 0x3000, 2, 0);
    machine.run();
  }
}
