package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.pcie.LittleEndian;
import farslot.testkit.Allocations;
import farslot.testkit.BareMachine;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Commands allocate nothing, once there have been as many at a time before. */
class AllocationTest {
  private static final int DEPTH = 32;
  private static final int TURNS = 500;
  private static final int CQ = 0x4000;
  private static final int SQ = 0x2000;
  private static final int DATA = 0x10000;

  private final BareMachine machine = new BareMachine();
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
    assertThat(machine.signals()).isEqualTo(turns + 2);
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
