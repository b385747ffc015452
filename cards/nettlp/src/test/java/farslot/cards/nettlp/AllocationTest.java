package farslot.cards.nettlp;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.Agent;
import farslot.function.DatagramPorts;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.Interrupts;
import farslot.function.TlpPort;
import farslot.pcie.CompletionStatus;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpView;
import farslot.testkit.Allocations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Datagrams and requests allocate nothing, once there have been as many at a time before. */
class AllocationTest {
  private static final int TURNS = 2000;
  private static final long MEMORY = 0x1000;

  /** A slot, its server and a program's network, all of which do as little as possible. */
  private static final class Machine
      implements FunctionPort, Dma, TlpPort, DatagramPorts, Agent.Timer {
    private final MemorySegment memory = Arena.ofAuto().allocate(1 << 16, 4096);
    private Dma.Done reader;
    private long cookie;
    int sent;
    int completed;
    int lastTag;

    @Override
    public void read(long at, MemorySegment to, long offset, int bytes, Done done, long tag) {
      MemorySegment.copy(memory, at, to, offset, bytes);
      reader = done;
      cookie = tag;
    }

    void finishRead() {
      reader.done(cookie, CompletionStatus.SC);
    }

    @Override
    public void write(long at, MemorySegment from, long offset, int bytes) {
      MemorySegment.copy(from, offset, memory, at, bytes);
    }

    @Override
    public boolean hasRoom() {
      return true;
    }

    @Override
    public void onRoom(Runnable task) {}

    @Override
    public Dma dma() {
      return this;
    }

    @Override
    public Interrupts interrupts() {
      throw new AssertionError();
    }

    @Override
    public long nowNs() {
      return 1;
    }

    @Override
    public Timer timer(Runnable task) {
      return this;
    }

    @Override
    public void execute(Runnable task) {
      throw new AssertionError();
    }

    @Override
    public void arm(long delayNs) {}

    @Override
    public void cancel() {}

    @Override
    public void complete(TlpView request, MemorySegment data, long offset) {
      completed++;
    }

    @Override
    public void complete(TlpView request) {}

    @Override
    public void refuse(TlpView request, CompletionStatus status) {
      throw new AssertionError();
    }

    @Override
    public int functionId() {
      return 0;
    }

    @Override
    public long barAddress(int bar) {
      return 0;
    }

    @Override
    public int configDw(int offset) {
      return 0;
    }

    @Override
    public long messageAddress(int vector) {
      return 0;
    }

    @Override
    public int messageData(int vector) {
      return 0;
    }

    @Override
    public void open(Receiver receiver) {}

    @Override
    public void resume() {}

    @Override
    public boolean send(int port, MemorySegment from, long offset, int bytes) {
      sent++;
      lastTag = from.get(ValueLayout.JAVA_BYTE, offset + 12) & 0xFF;
      return true;
    }

    @Override
    public long foreign() {
      return 0;
    }

    @Override
    public void close() {}
  }

  private final Machine machine = new Machine();
  private final NetTlpFunction card = new NetTlpFunction(NetTlpConfig.USUAL, machine);
  private final MemorySegment in = Arena.ofAuto().allocate(8192, 8);
  private final TlpView view = new TlpView();

  AllocationTest() {
    card.plug(machine);
    card.plugTlps(machine);
    card.busMaster(true);
  }

  private int put(byte[] datagram) {
    MemorySegment.copy(datagram, 0, in, ValueLayout.JAVA_BYTE, 0, datagram.length);
    return datagram.length;
  }

  @Test
  void aReadOfTheProgramAllocatesNothing() {
    int bytes = put(Datagrams.read(7, MEMORY, 4096));
    double perTurn =
        Allocations.perTurn(
            TURNS,
            () -> {
              card.onDatagram(0x3007, in, 0, bytes);
              machine.finishRead();
            });
    assertThat(machine.sent).isGreaterThan(16 * TURNS);
    assertThat(perTurn).isLessThan(1);
  }

  @Test
  void aWriteOfTheProgramAllocatesNothing() {
    int bytes = put(Datagrams.write(7, MEMORY + 3, new byte[256]));
    double perTurn = Allocations.perTurn(TURNS, () -> card.onDatagram(0x3007, in, 0, bytes));
    assertThat(perTurn).isLessThan(1);
  }

  @Test
  void whatIsDroppedAllocatesNothing() {
    int bytes = put(Datagrams.write(7, MEMORY, new byte[256]));
    double perTurn = Allocations.perTurn(TURNS, () -> card.onDatagram(0x3007, in, 0, bytes - 1));
    assertThat(card.counts().get("bad_length")).isGreaterThan(TURNS);
    assertThat(perTurn).isLessThan(1);
  }

  @Test
  void aReadOfTheServerAllocatesNothing() {
    MemorySegment request = Arena.ofAuto().allocate(16, 8);
    int header = TlpEncoder.memoryRead(request, 0, 0, 3, 0x2000_0000L, 4);
    byte[] like = Datagrams.read(0, 0x2000_0000L, 4);
    like[10] = 0; // The root port's number, 0.
    like[11] = 0;
    int bytes = put(Datagrams.completion(like, 0, 4, new byte[4]));
    double perTurn =
        Allocations.perTurn(
            TURNS,
            () -> {
              card.onMemoryRequest(view.wrap(request, 0, header), 4, 0);
              in.set(ValueLayout.JAVA_BYTE, 16, (byte) machine.lastTag);
              card.onDatagram(0x4000, in, 0, bytes);
            });
    assertThat(machine.completed).isGreaterThan(TURNS);
    assertThat(perTurn).isLessThan(1);
  }
}
