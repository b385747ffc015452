package farslot.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.memory.DmaWindow;
import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RootPortTest {
  private static final int CONFIG = LocalFunction.REGION_CONFIG;
  private static final long SECOND = 1_000_000_000L;

  @Test
  void bringsACardUp() {
    Bench bench = new Bench();
    bench.card.retries = 3;
    bench.port.attach(bench);
    assertThat(bench.port.present()).isFalse();
    bench.runFor(SECOND);
    assertThat(bench.events).contains("present");
    assertThat(bench.port.classCode()).isEqualTo(0x010802);
    assertThat(bench.port.region(0)).isEqualTo(new LocalFunction.RegionInfo(0x4000, false));
    assertThat(bench.port.region(1).sizeBytes()).isZero();
    assertThat(bench.port.region(2)).isEqualTo(new LocalFunction.RegionInfo(32, true));
    assertThat(bench.port.region(CONFIG).sizeBytes()).isEqualTo(4096);
    assertThat(bench.port.vectors(LocalFunction.IRQ_MSIX)).isEqualTo(4);
    assertThat(bench.port.vectors(LocalFunction.IRQ_MSI)).isEqualTo(4);
    assertThat(bench.port.vectors(LocalFunction.IRQ_INTX)).isEqualTo(1);
    // Towards the card: decoding on, not bus mastering; payload and read request of 4096 bytes.
    assertThat(bench.card.config.getShort(4) & 7).isEqualTo(3);
    assertThat(bench.card.config.getShort(FakeCard.PCIE + 8) & 0x70E0).isEqualTo(0x50A0);
    assertThat(bench.card.config.getInt(FakeCard.PCIE + 0x28)).isEqualTo(0x1000);
    assertThat(bench.card.config.getLong(0x10) & ~15L).isNotZero();
  }

  @Test
  void readsAndWritesRegisters() {
    Bench bench = Bench.up();
    bench.card.bar.putLong(0x10, 0x1122334455667788L);
    assertThat(bench.read(0, 0x10, 8)).isEqualTo(0x1122334455667788L);
    assertThat(bench.read(0, 0x11, 2)).isEqualTo(0x6677);
    assertThat(bench.post(0, 0x21, 2, 0xABCD).calls).isOne();
    bench.run();
    assertThat(bench.card.bar.getInt(0x20)).isEqualTo(0x00ABCD00);
    assertThat(bench.card.log).contains("MRd 10 8", "MWr 21 2");
  }

  @Test
  void cutsALongAccessAtPages() {
    Bench bench = Bench.up();
    byte[] pattern = new byte[4096];
    new Random(1).nextBytes(pattern);
    MemorySegment from = Arena.ofAuto().allocate(4096);
    MemorySegment.copy(pattern, 0, from, ValueLayout.JAVA_BYTE, 0, 4096);
    bench.port.write(0, 0x801, from, 0, 4090, new Bench.Reply(), 78);
    Bench.Reply reply = bench.start(0, 0x801, 4090);
    bench.run();
    assertThat(reply.data).isEqualTo(Arrays.copyOf(pattern, 4090));
    assertThat(bench.card.log)
        .containsExactly("MWr 801 2047", "MWr 1000 2043", "MRd 801 2047", "MRd 1000 2043");
  }

  @Test
  void reachesPorts() {
    Bench bench = Bench.up();
    bench.post(2, 4, 2, 0xBEAD);
    bench.run();
    assertThat(bench.card.ports.getInt(4)).isEqualTo(0xBEAD);
    assertThat(bench.read(2, 4, 4)).isEqualTo(0xBEAD);
    assertThat(bench.read(2, 5, 1)).isEqualTo(0xBE);
  }

  @Test
  void showsTheWholeConfigurationSpaceInOneRead() {
    Bench bench = Bench.up();
    Bench.Reply reply = bench.start(CONFIG, 0, 4096);
    bench.run();
    assertThat(reply.calls).isOne();
    assertThat(Arrays.copyOf(reply.data, 4)).containsExactly(0xB0, 0x1A, 0xEF, 0xBE);
    assertThat(reply.data[0x100]).isEqualTo((byte) 3);
    assertThat(reply.data[0x10]).isEqualTo((byte) 4);
    assertThat(reply.data[0x13]).isZero();
  }

  @Test
  void keepsAddressesOfTheGuestFromTheCard() {
    Bench bench = Bench.up();
    long mine = bench.card.config.getLong(0x10);
    bench.configWrite(0x10, 4, -1);
    assertThat(bench.config(0x10, 4)).isEqualTo(0xFFFF_C004);
    bench.configWrite(0x10, 4, 0xFEB0_0000);
    bench.configWrite(0x14, 4, 0x12);
    assertThat(bench.config(0x10, 4)).isEqualTo(0xFEB0_0004);
    assertThat(bench.config(0x14, 4)).isEqualTo(0x12);
    bench.configWrite(0x18, 4, -1);
    assertThat(bench.config(0x18, 4)).isEqualTo(0xFFFF_FFE1);
    bench.configWrite(0x30, 4, -1);
    assertThat(bench.config(0x30, 4)).isZero();
    assertThat(bench.card.config.getLong(0x10)).isEqualTo(mine);
    assertThat(bench.card.log).isEmpty();
  }

  @Test
  void passesBusMasterAndInterruptDisableButKeepsDecodingOn() {
    Bench bench = Bench.up();
    assertThat(bench.config(4, 2)).isEqualTo(0x6);
    bench.configWrite(4, 2, 0x400);
    assertThat(bench.card.config.getShort(4)).isEqualTo((short) 0x403);
    assertThat(bench.config(4, 2)).isEqualTo(0x400);
    bench.configWrite(4, 1, 0x2);
    assertThat(bench.config(4, 2)).isEqualTo(0x402);
  }

  @Test
  void keepsInterruptRegistersAndPayloadSizesToItself() {
    Bench bench = Bench.up();
    bench.configWrite(FakeCard.MSI + 4, 4, 0xFEE0_1004);
    bench.configWrite(FakeCard.MSI + 12, 2, 0x4021);
    bench.configWrite(FakeCard.MSI + 2, 2, 0x0001);
    bench.configWrite(FakeCard.MSIX + 2, 2, 0x8000);
    bench.configWrite(FakeCard.PCIE + 8, 2, 0x2010);
    assertThat(bench.config(FakeCard.MSI + 4, 4)).isEqualTo(0xFEE0_1004);
    assertThat(bench.config(FakeCard.MSI + 12, 4)).isEqualTo(0x4021);
    assertThat(bench.config(FakeCard.MSI, 4)).isEqualTo(0x0185_7005);
    assertThat(bench.config(FakeCard.MSIX + 2, 2)).isEqualTo(0x8003);
    assertThat(bench.config(FakeCard.PCIE + 8, 2)).isEqualTo(0x2010);
    assertThat(bench.card.config.getInt(FakeCard.MSI + 4)).isZero();
    assertThat(bench.card.config.getInt(FakeCard.MSI) & 0x10000).isZero();
    assertThat(bench.card.config.getInt(FakeCard.MSIX)).isPositive();
    assertThat(bench.card.config.getShort(FakeCard.PCIE + 8)).isEqualTo((short) 0x50B0);
  }

  @Test
  void programsMsixAndHearsIt() {
    Bench bench = Bench.up();
    bench.port.arm(LocalFunction.IRQ_MSIX, 0, new boolean[] {true, false, true});
    bench.run();
    assertThat(bench.card.config.getInt(FakeCard.MSIX)).isNegative();
    assertThat(bench.card.bar.getInt(FakeCard.TABLE + 12)).isZero();
    assertThat(bench.card.bar.getInt(FakeCard.TABLE + 32 + 8)).isEqualTo(2);
    bench.card.msix(2);
    bench.card.msix(0);
    bench.run();
    assertThat(bench.events).containsExactly("irq 2.2", "irq 2.0");
    // A guest's own table stays with the guest.
    bench.post(0, FakeCard.TABLE, 4, 0xFEE0_2000);
    bench.run();
    assertThat(bench.read(0, FakeCard.TABLE, 4)).isEqualTo(0xFEE0_2000L);
    assertThat(bench.card.bar.getInt(FakeCard.TABLE)).isZero();
    // Growing the set goes through "none": what was enabled stays so, masked.
    bench.port.arm(LocalFunction.IRQ_MSIX, 0, new boolean[] {false, false, false});
    bench.run();
    assertThat(bench.card.config.getInt(FakeCard.MSIX)).isNegative();
    assertThat(bench.card.bar.getInt(FakeCard.TABLE + 32 + 12)).isOne();
    bench.port.arm(LocalFunction.IRQ_INTX, 0, new boolean[] {true});
    bench.run();
    assertThat(bench.card.config.getInt(FakeCard.MSIX)).isPositive();
  }

  @Test
  void programsMsi() {
    Bench bench = Bench.up();
    bench.port.arm(LocalFunction.IRQ_MSI, 0, new boolean[] {true, true, true});
    bench.run();
    assertThat(bench.card.config.getInt(FakeCard.MSI) >> 16 & 0x71).isEqualTo(0x21);
    long address = bench.card.config.getLong(FakeCard.MSI + 4);
    bench.card.dmaWrite(address, (byte) 1, (byte) 0, (byte) 0, (byte) 0);
    bench.card.dmaWrite(address, (byte) 3, (byte) 0, (byte) 0, (byte) 0);
    bench.run();
    assertThat(bench.events).containsExactly("irq 1.1");
    assertThat(bench.port.count(PortEvent.INTERRUPT_UNARMED)).isOne();
  }

  @Test
  void modelsIntxAsALevel() {
    Bench bench = Bench.up();
    bench.port.arm(LocalFunction.IRQ_INTX, 0, new boolean[] {true});
    bench.card.message(0x20);
    bench.run();
    assertThat(bench.events).containsExactly("irq 0.0");
    bench.port.maskIntx(false);
    assertThat(bench.events).containsExactly("irq 0.0", "irq 0.0");
    bench.card.message(0x24);
    bench.run();
    bench.port.maskIntx(false);
    assertThat(bench.events).hasSize(2);
    bench.card.message(0x20);
    bench.run();
    assertThat(bench.events).hasSize(3);
    bench.card.message(0x33);
    bench.card.message(0x7E);
    bench.run();
    assertThat(bench.port.count(PortEvent.ERROR_FATAL)).isOne();
    assertThat(bench.port.count(PortEvent.MESSAGE_IGNORED)).isOne();
  }

  @Test
  void answersForACardThatDoesNot() {
    Bench bench = Bench.up();
    bench.card.mute = true;
    Bench.Reply read = bench.start(0, 0, 4);
    Bench.Reply write = bench.post(CONFIG, 0x3C, 1, 5);
    bench.runFor(2 * SECOND);
    assertThat(read.calls + write.calls).isZero();
    bench.runFor(2 * SECOND);
    assertThat(read.value()).isEqualTo(0xFFFF_FFFFL);
    assertThat(write.calls).isOne();
    assertThat(bench.port.count(PortEvent.ACCESS_TIMEOUT)).isEqualTo(2);
  }

  @Test
  void neverTakesALateCompletionForANewerRequest() {
    Bench bench = Bench.up();
    bench.card.mute = true;
    for (int i = 0; i < TagTable.COUNT_MAX + 50; i++) {
      Bench.Reply reply = bench.start(0, 0, 4);
      bench.runFor(4 * SECOND);
      assertThat(reply.value()).isEqualTo(0xFFFF_FFFFL);
    }
    assertThat(bench.card.log.stream().filter("MRd 0 4"::equals).count())
        .isEqualTo(TagTable.COUNT_MAX);
    bench.card.mute = false;
    bench.card.bar.putInt(0, 0x1234);
    for (int tag = 0; tag < TagTable.COUNT_MAX; tag++) {
      bench.card.completeData(tag, 4, 0, new byte[] {9, 9, 9, 9});
    }
    bench.run();
    assertThat(bench.port.count(PortEvent.COMPLETION_LATE)).isEqualTo(TagTable.COUNT_MAX);
    assertThat(bench.read(0, 0, 4)).isEqualTo(0x1234);
    bench.card.completeData(5, 4, 0, new byte[] {9, 9, 9, 9});
    bench.run();
    assertThat(bench.port.count(PortEvent.COMPLETION_UNEXPECTED)).isOne();
  }

  @Test
  void dropsCompletionsThatDoNotFit() {
    Bench bench = Bench.up();
    bench.card.mute = true;
    Bench.Reply reply = bench.start(0, 0x40, 8);
    int tag = soleTag(bench);
    bench.run();
    bench.card.completeData(tag, 12, 0x40, new byte[12]);
    bench.card.completeData(tag, 8, 0x44, new byte[8]);
    bench.card.complete(CompletionStatus.SC, tag);
    bench.card.completeData(tag + 2 & 1023, 8, 0x40, new byte[8]);
    bench.run();
    assertThat(bench.port.count(PortEvent.COMPLETION_WRONG)).isEqualTo(3);
    assertThat(bench.port.count(PortEvent.COMPLETION_UNEXPECTED)).isOne();
    assertThat(reply.calls).isZero();
    bench.card.completeData(tag, 8, 0x40, new byte[] {1, 2, 3, 4});
    bench.card.completeData(tag, 4, 0x44, new byte[] {5, 6, 7, 8});
    bench.card.completeData(tag, 4, 0x44, new byte[] {5, 6, 7, 8});
    bench.run();
    assertThat(reply.value()).isEqualTo(0x0807060504030201L);
    assertThat(bench.port.count(PortEvent.COMPLETION_UNEXPECTED)).isEqualTo(2);
  }

  private static int soleTag(Bench bench) {
    int[] tag = new int[1];
    bench.down.tap(b -> tag[0] = b[6] & 0xFF | (b[1] & 0x80) << 2 | (b[1] & 0x08) << 5);
    Bench.Reply probe = bench.start(0, 0, 4); // Tags are handed out in order.
    bench.down.tap(b -> {});
    assertThat(probe.calls).isZero();
    return tag[0] - 1 & 1023;
  }

  @Test
  void readsAllOnesWhereTheCardRefuses() {
    Bench bench = Bench.up();
    bench.card.mute = true;
    Bench.Reply reply = bench.start(0, 0x40, 8);
    int tag = soleTag(bench);
    bench.run();
    bench.card.completeData(tag, 8, 0x40, new byte[] {1, 2, 3, 4});
    bench.card.complete(CompletionStatus.CA, tag);
    bench.run();
    assertThat(reply.value()).isEqualTo(0xFFFF_FFFF_0403_0201L);
    assertThat(bench.port.count(PortEvent.COMPLETION_ERROR)).isOne();
  }

  @Test
  void parksWritesAndLetsNoReadOvertakeThem() {
    Bench bench = Bench.up();
    bench.down.credits(FlowClass.POSTED, 2);
    for (int i = 0; i < 10; i++) {
      assertThat(bench.post(0, 8 * i, 8, i + 1).calls).isOne();
    }
    Bench.Reply read = bench.start(0, 72, 8);
    bench.run();
    assertThat(bench.card.log).containsExactly("MWr 0 8", "MWr 8 8");
    assertThat(read.calls).isZero();
    bench.down.refill(bench.port);
    bench.run();
    assertThat(read.value()).isEqualTo(10);
  }

  @Test
  void boundsWhatItParksAndSaysSo() {
    Bench bench = Bench.up();
    bench.down.credits(FlowClass.POSTED, 0);
    int taken = 0;
    while (bench.port.hasRoom()) {
      bench.post(0, 0, 8, ++taken);
    }
    assertThat(taken).isBetween(1000, 10000);
    assertThat(bench.port.count(PortEvent.WRITE_OVERFLOW)).isZero();
    bench.down.refill(bench.port);
    bench.run();
    assertThat(bench.events).containsExactly("room");
    assertThat(bench.card.bar.getInt(0)).isEqualTo(taken);
  }

  @Test
  void removesACardThatTakesNoWrites() {
    Bench bench = Bench.up();
    bench.down.credits(FlowClass.POSTED, 0);
    while (bench.port.hasRoom()) {
      bench.post(0, 0, 8, 1);
    }
    bench.runFor(2 * SECOND);
    assertThat(bench.port.present()).isFalse();
    assertThat(bench.events).anyMatch(e -> e.startsWith("gone: writes could not be sent"));
    assertThat(bench.closes).isOne();
    assertThat(bench.port.hasRoom()).isTrue();
  }

  @Test
  void survivesSurpriseRemovalAndComesBack() {
    Bench bench = Bench.up();
    bench.port.arm(LocalFunction.IRQ_MSIX, 0, new boolean[] {true});
    bench.configWrite(0x10, 4, 0xFEB0_0000);
    Bench.Reply read = bench.start(0, 0, 4);
    bench.port.onDown();
    assertThat(read.value()).isEqualTo(0xFFFF_FFFFL);
    assertThat(bench.events).anyMatch(e -> e.startsWith("gone: "));
    assertThat(bench.read(0, 0, 4)).isEqualTo(0xFFFF_FFFFL);
    assertThat(bench.config(0, 4)).isEqualTo(-1);
    assertThat(bench.post(0, 0, 4, 1).calls).isOne();
    bench.down.drop();
    bench.up.drop();
    bench.card.reset();
    bench.events.clear();
    bench.attach();
    assertThat(bench.events).containsExactly("back: the card has been brought up", "present");
    assertThat(bench.config(0x10, 4)).isEqualTo(4);
    assertThat(bench.card.config.getInt(FakeCard.MSIX)).isNegative();
    assertThat(bench.port.count(PortEvent.COMPLETION_UNEXPECTED)).isZero();
  }

  @Test
  void describesAnAbsentCardToTheHypervisorButNotToItsGuest() {
    Bench bench = Bench.up();
    byte[] there = bench.whole();
    bench.port.settingUp(true);
    bench.port.onDown();
    byte[] absent = bench.whole();
    assertThat(absent).hasSize(4096).startsWith(Arrays.copyOf(there, 4));
    assertThat(capabilities(absent)).isEqualTo(capabilities(there)).isNotEmpty();
    assertThat(Arrays.copyOfRange(absent, 0x100, 0x104))
        .isEqualTo(Arrays.copyOfRange(there, 0x100, 0x104));
    bench.port.settingUp(false);
    assertThat(bench.config(0, 4)).isEqualTo(-1);
    assertThat(bench.whole()).containsOnly(0xFF);
  }

  @Test
  void describesACardThatStallsWhileTheHypervisorSetsItUp() {
    Bench bench = Bench.up();
    byte[] there = bench.whole();
    bench.card.mute = true;
    bench.port.settingUp(true);
    Bench.Reply reply = bench.start(CONFIG, 0, 4096);
    bench.runFor(10 * SECOND);
    assertThat(reply.calls).isOne();
    assertThat(capabilities(reply.data)).isEqualTo(capabilities(there));
  }

  private static java.util.List<Integer> capabilities(byte[] config) {
    java.util.List<Integer> found = new java.util.ArrayList<>();
    for (int at = config[0x34] & 0xFF; at != 0 && found.size() < 64; at = config[at + 1] & 0xFF) {
      found.add((config[at] & 0xFF) << 8 | at);
    }
    return found;
  }

  @Test
  void refusesAnotherCardInTheSameSlot() {
    Bench bench = Bench.up();
    bench.port.onDown();
    bench.down.drop();
    bench.card.reset();
    bench.card.config.putInt(0, 0x1234_5678);
    bench.attach();
    assertThat(bench.port.present()).isFalse();
    assertThat(bench.events).anyMatch(e -> e.contains("another card"));
  }

  @Test
  void givesUpOnACardThatNeverAnswers() {
    Bench bench = new Bench();
    bench.card.mute = true;
    bench.port.attach(bench);
    bench.runFor(20 * SECOND);
    assertThat(bench.events)
        .containsExactly("absent: the card does not answer configuration requests");
    assertThat(bench.closes).isOne();
  }

  @Test
  void refusesBarsThatMakeNoSense() {
    Bench bench = new Bench();
    bench.card.writable.putInt(0x10, 0x00F0_F000);
    bench.attach();
    assertThat(bench.events)
        .containsExactly("absent: the card's BARs or capabilities make no sense");
  }

  @Test
  void restoresWhatIsPrivateAfterTheGuestsFlr() {
    Bench bench = Bench.up();
    bench.port.arm(LocalFunction.IRQ_MSIX, 1, new boolean[] {true});
    bench.configWrite(0x10, 4, 0xFEB0_0000);
    long mine = bench.card.config.getLong(0x10);
    bench.card.dmaRead(9, Bench.RAM, 8); // on its way while the FLR is written
    Bench.Reply flr = bench.post(CONFIG, FakeCard.PCIE + 8, 2, 0x8000);
    Bench.Reply next = bench.start(0, 0, 4);
    bench.run();
    assertThat(flr.calls).isOne();
    assertThat(bench.card.flrs).isOne();
    assertThat(next.value()).isZero();
    assertThat(bench.card.config.getLong(0x10)).isEqualTo(mine);
    assertThat(bench.card.config.getShort(4)).isEqualTo((short) 3);
    assertThat(bench.card.config.getInt(FakeCard.MSIX)).isNegative();
    assertThat(bench.card.bar.getInt(FakeCard.TABLE + 16 + 8)).isOne();
    assertThat(bench.config(0x10, 4)).isEqualTo(4);
    assertThat(bench.config(4, 2)).isZero();
    assertThat(bench.card.answers).isEmpty();
    assertThat(bench.port.count(PortEvent.DMA_BEFORE_RESET)).isOne();
  }

  @Test
  void restoresAfterWakingFromD3() {
    Bench bench = Bench.up();
    long mine = bench.card.config.getLong(0x10);
    bench.configWrite(FakeCard.PM + 4, 2, 3);
    assertThat(bench.card.config.getLong(0x10)).isEqualTo(mine);
    bench.configWrite(FakeCard.PM + 4, 2, 0);
    assertThat(bench.card.config.getLong(0x10)).isEqualTo(mine);
    assertThat(bench.card.config.getShort(4)).isEqualTo((short) 3);
    assertThat(bench.config(4, 2)).isZero();
  }

  @Test
  void resetsByFlrAndByHotReset() {
    Bench bench = Bench.up();
    Bench.Reply done = new Bench.Reply();
    bench.port.reset(done, 78);
    bench.runFor(SECOND);
    assertThat(done.calls).isOne();
    assertThat(bench.card.flrs).isOne();
    assertThat(bench.card.config.getShort(4)).isEqualTo((short) 3);

    Bench plain = new Bench();
    plain.card.config.putInt(FakeCard.PCIE + 4, 5);
    plain.attach();
    Bench.Reply hot = new Bench.Reply();
    plain.port.reset(hot, 78);
    plain.runFor(SECOND);
    assertThat(hot.calls).isOne();
    assertThat(plain.card.hotResets).isOne();
    assertThat(plain.card.config.getShort(4)).isEqualTo((short) 3);
  }

  @Test
  void answersAResetEvenWhenTheCardDoesNot() {
    Bench bench = Bench.up();
    bench.card.mute = true;
    Bench.Reply done = new Bench.Reply();
    bench.port.reset(done, 78);
    bench.runFor(4 * SECOND);
    assertThat(done.calls).isOne();
  }

  /** Found by the simulator: the guest was told of a reset that had never left the port. */
  @Test
  void aResetWaitsForCreditsAndIsAFenceMeanwhile() {
    Bench bench = Bench.up();
    bench.down.credits(FlowClass.NON_POSTED, 0);
    Bench.Reply done = new Bench.Reply();
    bench.port.reset(done, 78);
    bench.runFor(4 * SECOND);
    assertThat(done.calls).as("the guest does not wait longer than its deadline").isOne();
    assertThat(bench.card.flrs).isZero();
    bench.post(CONFIG, 4, 2, 0x6);
    bench.post(0, 0x20, 4, 0x1234);
    bench.card.dmaWrite(Bench.RAM, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
    bench.run();
    assertThat(bench.ram.get(ValueLayout.JAVA_INT, 0)).as("DMA from before the reset").isZero();
    bench.down.refill(bench.port);
    bench.runFor(SECOND);
    assertThat(bench.card.flrs).isOne();
    assertThat(bench.card.bar.getInt(0x20)).as("written behind the reset").isEqualTo(0x1234);
    assertThat(bench.config(4, 2)).isEqualTo(0x6);
    bench.card.dmaWrite(Bench.RAM, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
    bench.run();
    assertThat(bench.ram.get(ValueLayout.JAVA_INT, 0)).isEqualTo(0x04030201);
  }

  /** Found by the simulator: what was not answered in time was taken for the card's BARs. */
  @Test
  void aCardThatFallsSilentWhileItIsBroughtUpIsAskedAgain() {
    for (int answered = 1; answered < 60; answered++) {
      Bench bench = new Bench();
      bench.port.attach(bench);
      for (int i = 0; i < answered; i++) {
        bench.down.deliver();
        bench.up.deliver();
      }
      bench.card.mute = true;
      bench.runFor(4 * SECOND);
      bench.card.mute = false;
      bench.runFor(20 * SECOND);
      if (!bench.port.present()) {
        assertThat(bench.events).anyMatch(e -> e.startsWith("absent"));
        bench.attach();
        bench.runFor(SECOND);
      }
      assertThat(bench.port.present()).as("after %d answers", answered).isTrue();
      assertThat(bench.port.region(0)).isEqualTo(new LocalFunction.RegionInfo(0x4000, false));
      assertThat(bench.port.region(1).sizeBytes()).as("after %d answers", answered).isZero();
      assertThat(bench.port.region(2)).isEqualTo(new LocalFunction.RegionInfo(32, true));
      bench.card.bar.putLong(0x10, 0x1122334455667788L);
      assertThat(bench.read(0, 0x10, 8)).isEqualTo(0x1122334455667788L);
    }
  }

  @Test
  void freesTagsByAResetThatWasAnswered() {
    Bench bench = Bench.up();
    bench.card.mute = true;
    for (int i = 0; i < TagTable.COUNT_MAX - 40; i++) {
      bench.start(0, 0, 4);
      bench.runFor(4 * SECOND);
    }
    bench.card.mute = false;
    bench.port.reset(new Bench.Reply(), 78);
    bench.runFor(SECOND);
    Bench.Reply whole = bench.start(0, 0, 4096);
    Bench.Reply config = bench.start(CONFIG, 0, 4096);
    bench.run();
    assertThat(whole.calls + config.calls).isEqualTo(2);
    assertThat(bench.port.count(PortEvent.COMPLETION_LATE)).isZero();
  }

  @Test
  void messagesOrderedBehindMessagedMemory() {
    Bench bench = Bench.up();
    SlowMemory slow = new SlowMemory();
    bench
        .port
        .dmaWindows()
        .map(new DmaWindow(0x9000_0000L, 0x1000, farslot.memory.Access.READ_WRITE, null, slow));
    bench.port.arm(LocalFunction.IRQ_MSIX, 0, new boolean[] {true});
    bench.run();
    bench.card.dmaWrite(0x9000_0010L, new byte[] {1, 2, 3});
    bench.card.dmaWrite(0x9000_0020L, new byte[] {4});
    bench.card.dmaWrite(Bench.RAM, new byte[] {7});
    bench.card.msix(0);
    bench.card.dmaRead(3, 0x9000_0010L, 3);
    bench.run();
    assertThat(slow.waiting()).isEqualTo(2);
    assertThat(bench.events).isEmpty();
    assertThat(bench.ram.get(ValueLayout.JAVA_BYTE, 0)).isZero();
    slow.answer(true);
    bench.run();
    assertThat(bench.events).isEmpty();
    slow.answer(true);
    bench.run();
    assertThat(bench.events).containsExactly("irq 2.0");
    assertThat(bench.ram.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
    slow.answer(true);
    bench.run();
    assertThat(bench.card.answers).hasSize(1);
    assertThat(bench.card.answers.get(0).data()).containsExactly(1, 2, 3);
    bench.card.dmaRead(4, 0x9000_0000L, 4);
    bench.run();
    slow.answer(false);
    bench.run();
    assertThat(bench.card.answers.get(1).status()).isEqualTo(1);
    assertThat(bench.port.count(PortEvent.DMA_MESSAGE_REFUSED)).isOne();
  }
}
