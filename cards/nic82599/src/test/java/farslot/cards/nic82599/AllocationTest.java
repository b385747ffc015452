package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.Agent;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.Interrupts;
import farslot.pcie.LittleEndian;
import farslot.testkit.Allocations;
import farslot.testkit.BareMachine;
import org.junit.jupiter.api.Test;

/** Frames allocate nothing, neither sent nor received, whole or in segments. */
class AllocationTest {
  private static final int TURNS = 300;
  private static final int PACKETS = 8;
  private static final int RING = 128;
  private static final int TX_RING = 0x1000;
  private static final int RX_RING = 0x2000;
  private static final int RX_BUFFERS = 0x8_0000;
  private static final int DATA = 0x1_0000;
  private static final int FRAMES_A_TURN = PACKETS * 6;

  private final BareMachine machine = new BareMachine();
  private final FakeBridge bridge = new FakeBridge();
  private final VirtualFunction card = new VirtualFunction(bridge);
  private int txTail;
  private int rxTail;

  @Test
  void framesAllocateNothing() {
    bridge.loopback = true;
    bridge.keep = false;
    card.plug(new Slot(machine));
    write(0x2000, TX_RING);
    write(0x2008, RING * 16);
    write(0x2028, 1 << 25);
    write(0x1000, RX_RING);
    write(0x1008, RING * 16);
    write(0x1014, 1 << 25 | 2);
    write(0x1028, 1 << 25 | 1 << 30);
    write(0x120, 0x8080);
    write(0x114, 1);
    write(0x110, 1);
    giveBuffers(RING - 1);
    byte[] frame = Frames.ethernet(0x0800, Frames.ipv4(6, Frames.tcp(0x10, new byte[6000])));
    for (int i = 0; i < frame.length; i++) {
      LittleEndian.u8(machine.memory, DATA + i, frame[i]);
    }
    assertThat(Allocations.perTurn(TURNS, this::turn) / FRAMES_A_TURN).isLessThan(1);
    assertThat(card.read(0, 0x101C, 4)).as("received").isGreaterThan(TURNS * FRAMES_A_TURN);
    assertThat(card.read(0, 0x201C, 4)).as("sent").isEqualTo(card.read(0, 0x101C, 4));
  }

  private void write(int register, int value) {
    card.write(0, register, 4, value & 0xFFFF_FFFFL);
    machine.run();
  }

  private void giveBuffers(int count) {
    for (int i = 0; i < count; i++) {
      LittleEndian.i64(machine.memory, RX_RING + rxTail * 16L, RX_BUFFERS + rxTail * 2048L);
      rxTail = (rxTail + 1) % RING;
    }
    write(0x1018, rxTail);
  }

  private void turn() {
    for (int i = 0; i < PACKETS; i++) {
      descriptor(14 << 9 | 20 | 5 << 16, 2 << 20 | 1 << 29 | 3 << 10, 1460 << 16 | 20 << 8);
      descriptor(DATA, 54 | 3 << 20 | 1 << 29 | 1 << 31 | 1 << 30, 6000 << 14 | 3 << 8);
      descriptor(DATA + 54, 6000 | 3 << 20 | 1 << 29 | 9 << 24, 0);
      descriptor(DATA, 1000 | 3 << 20 | 1 << 29 | 9 << 24, 0);
    }
    card.write(0, 0x2018, 4, txTail);
    machine.run();
    write(0x108, 1);
    giveBuffers(FRAMES_A_TURN);
  }

  private void descriptor(long first, int third, int fourth) {
    LittleEndian.i64(machine.memory, TX_RING + txTail * 16L, first);
    LittleEndian.i32(machine.memory, TX_RING + txTail * 16L + 8, third);
    LittleEndian.i32(machine.memory, TX_RING + txTail * 16L + 12, fourth);
    txTail = (txTail + 1) % RING;
  }

  /** The machine, with timers that never fire. */
  private record Slot(BareMachine machine) implements FunctionPort {
    @Override
    public Dma dma() {
      return machine;
    }

    @Override
    public Interrupts interrupts() {
      return machine;
    }

    @Override
    public long nowNs() {
      return 0;
    }

    @Override
    public Agent.Timer timer(Runnable task) {
      return new Agent.Timer() {
        @Override
        public void arm(long delayNs) {}

        @Override
        public void cancel() {}
      };
    }

    @Override
    public void execute(Runnable task) {
      machine.execute(task);
    }
  }
}
