package farslot.fabric;

import static farslot.fabric.BadCardRig.RAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.AtomicOp;
import farslot.function.faults.Fault;
import farslot.function.faults.FaultKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** A card's AtomicOps on its server's memory, from one end to the other. */
class AtomicOpTest {
  /** Device Control 2 lies 0x28 into the PCI Express capability (7.5.3.16). */
  private static final int PCI_EXPRESS = 0x10;

  private static final int CONTROL_2 = 0x28;
  private static final int REQUESTER_ENABLE = 1 << 6;

  private final BadCardRig rig = new BadCardRig();
  private final MemorySegment operands = Arena.ofAuto().allocate(16, 8);

  private void enable() {
    int at = rig.capability(PCI_EXPRESS) + CONTROL_2;
    long now = rig.read(LocalFunction.REGION_CONFIG, at, 2);
    rig.write(LocalFunction.REGION_CONFIG, at, 2, now | REQUESTER_ENABLE);
  }

  /** What was there before. */
  private long atomic(AtomicOp op, int bytes, long first, long second) {
    operands.set(ValueLayout.JAVA_LONG, 0, first);
    if (op == AtomicOp.CAS) {
      if (bytes == 4) {
        operands.set(ValueLayout.JAVA_INT, 4, (int) second);
      } else {
        operands.set(ValueLayout.JAVA_LONG, 8, second);
      }
    }
    rig.card.ended.clear();
    rig.card.slot.dma().atomic(op, RAM + 64, operands, 0, bytes, rig.card, 3);
    rig.run();
    rig.runFor(12_000_000_000L);
    return bytes == 4
        ? operands.get(ValueLayout.JAVA_INT, 0) & 0xFFFF_FFFFL
        : operands.get(ValueLayout.JAVA_LONG, 0);
  }

  private long memory() {
    return rig.ram.get(ValueLayout.JAVA_LONG, 64);
  }

  @Test
  void addsSwapsAndCompares() {
    enable();
    rig.ram.set(ValueLayout.JAVA_LONG, 64, 0x7_FFFF_FFFFL);
    assertThat(atomic(AtomicOp.FETCH_ADD, 8, 1, 0)).isEqualTo(0x7_FFFF_FFFFL);
    assertThat(memory()).isEqualTo(0x8_0000_0000L);
    assertThat(rig.card.ended).containsExactly("3:SC");
    assertThat(atomic(AtomicOp.FETCH_ADD, 4, -1, 0)).isZero();
    assertThat(memory()).isEqualTo(0x8_FFFF_FFFFL);
    assertThat(atomic(AtomicOp.SWAP, 8, 77, 0)).isEqualTo(0x8_FFFF_FFFFL);
    assertThat(memory()).isEqualTo(77);
    assertThat(atomic(AtomicOp.CAS, 8, 76, 5)).isEqualTo(77);
    assertThat(memory()).isEqualTo(77);
    assertThat(atomic(AtomicOp.CAS, 8, 77, 5)).isEqualTo(77);
    assertThat(memory()).isEqualTo(5);
    assertThat(atomic(AtomicOp.CAS, 4, 5, 6)).isEqualTo(5);
    assertThat(memory()).isEqualTo(6);
    assertThat(rig.port.counts()).isEmpty();
  }

  @Test
  void needsPermission() {
    rig.ram.set(ValueLayout.JAVA_LONG, 64, 9);
    atomic(AtomicOp.SWAP, 8, 1, 0);
    assertThat(rig.card.ended).containsExactly("3:UR");
    assertThat(memory()).isEqualTo(9);
    enable();
    rig.write(LocalFunction.REGION_CONFIG, 4, 2, 0x2); // No bus master any more.
    atomic(AtomicOp.SWAP, 8, 1, 0);
    assertThat(rig.card.ended).containsExactly("3:UR");
    assertThat(memory()).isEqualTo(9);
  }

  @Test
  void outsideOfWindowsIsRefused() {
    enable();
    rig.card.slot.dma().atomic(AtomicOp.SWAP, 0x5000, operands, 0, 8, rig.card, 4);
    rig.run();
    assertThat(rig.card.ended).containsExactly("4:UR");
    assertThat(rig.count(PortEvent.DMA_OUTSIDE_WINDOWS)).isOne();
    assertThatThrownBy(
            () -> rig.card.slot.dma().atomic(AtomicOp.SWAP, RAM + 4, operands, 0, 8, rig.card, 5))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatWasPushedOfItIsVoid() {
    enable();
    MemorySegment old = Arena.ofAuto().allocate(128);
    rig.faults.onPush(RAM, old, 0, 128, true);
    assertThat(atomic(AtomicOp.SWAP, 8, 0x55, 0)).isZero();
    MemorySegment seen = Arena.ofAuto().allocate(128, 8);
    rig.card.slot.dma().read(RAM, seen, 0, 128, rig.card, 6);
    rig.run();
    assertThat(seen.get(ValueLayout.JAVA_LONG, 64)).isEqualTo(0x55);
  }

  @Test
  void aFaultStrikesThemAsReads() {
    enable();
    rig.faults.set(Fault.of(FaultKind.UR));
    atomic(AtomicOp.SWAP, 8, 1, 0);
    assertThat(rig.card.ended).containsExactly("3:SC"); // Of reads of BARs, that one.
    rig.faults.clear();
    rig.faults.set(BadCardTest.fault("no-answer", "on=dma-read"));
    atomic(AtomicOp.SWAP, 8, 2, 0);
    assertThat(rig.card.ended).containsExactly("3:UR");
    assertThat(memory()).isEqualTo(1);
  }
}
