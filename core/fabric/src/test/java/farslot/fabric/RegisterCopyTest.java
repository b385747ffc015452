package farslot.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.pcie.FlowClass;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a guest reads without the card being asked: registers that the card has told, as long as no
 * write of the guest may have changed them meanwhile, and configuration space that cannot change.
 */
class RegisterCopyTest {
  private static final int CC = 0x14;
  private static final int CSTS = 0x1C;
  private static final int DOORBELL = 0x1000;

  private final Bench bench = Bench.up();
  private final List<String> log = bench.card.log;

  private static MemorySegment bytes(int value, int count) {
    MemorySegment bytes = Arena.ofAuto().allocate(count + 3L);
    bytes.set(ValueLayout.JAVA_INT_UNALIGNED, 0, value);
    return bytes;
  }

  private void told(int offset, int changes, int value, int count) {
    bench.port.onEvent(0, offset, changes, bytes(value, count), 0, count);
  }

  /** The card tells what it holds after all that has come to it. */
  private void told(int offset, int value) {
    told(offset, bench.card.changes, value, 4);
  }

  private void assertHere(int offset, int count, long value) {
    log.clear();
    assertThat(bench.read(0, offset, count)).isEqualTo(value);
    assertThat(log).as("asked").isEmpty();
  }

  private void assertAsked(int offset, long value) {
    log.clear();
    assertThat(bench.read(0, offset, 4)).isEqualTo(value);
    assertThat(log).contains("MRd %x 4".formatted(offset));
  }

  private long counted(String name) {
    return bench.port.localCounts().get(name);
  }

  @Test
  void pollingDoesNotReachTheCard() {
    bench.bar().putInt(CSTS, 0x99);
    assertAsked(CSTS, 0x99);
    told(CSTS, 0x0403_0201);
    for (int i = 0; i < 1000; i++) {
      assertHere(CSTS, 4, 0x0403_0201);
    }
    assertHere(CSTS + 1, 2, 0x0302);
    assertHere(CSTS + 3, 1, 0x04);
    assertThat(counted("register-reads")).isEqualTo(1002);
    assertThat(counted("events")).isEqualTo(1);
    told(CSTS, 5);
    assertHere(CSTS, 4, 5);
    // What is beside it was not told.
    assertAsked(CSTS + 4, 0);
    log.clear();
    bench.read(0, CSTS, 8);
    assertThat(log).containsExactly("MRd 1c 8");
  }

  @Test
  @Tag("PCIEOE-100")
  void aReadAfterAWriteStillWaitsForTheWrite() {
    told(CSTS, 1);
    bench.bar().putInt(CSTS, 2);
    bench.post(0, CC, 4, 0x46);
    Bench.Reply reply = bench.start(0, CSTS, 4);
    assertThat(reply.calls).as("before the write has come to the card").isZero();
    bench.run();
    assertThat(log).containsSubsequence("MWr 14 4", "MRd 1c 4");
    assertThat(reply.value()).isEqualTo(2);
    assertThat(counted("register-reads-unsure")).isEqualTo(1);
    told(CSTS, bench.card.changes - 1, 3, 4); // Said before the write had come.
    assertAsked(CSTS, 2);
    told(CSTS, 2);
    assertHere(CSTS, 4, 2);
  }

  @Test
  @Tag("PCIEOE-100")
  void harmlessWritesChangeNothing() {
    bench.port.onHarmless(0, DOORBELL, 0x800);
    told(CSTS, 1);
    bench.post(0, DOORBELL, 4, 7);
    bench.post(0, DOORBELL + 0x7F8, 8, 7);
    bench.run();
    assertHere(CSTS, 4, 1);
    bench.bar().putInt(CSTS, 9);
    bench.post(0, DOORBELL + 0x7FC, 8, 7); // Half of it is somewhere else.
    bench.run();
    assertAsked(CSTS, 9);
    told(CSTS, 9);
    bench.post(0, DOORBELL - 4, 8, 7);
    bench.run();
    assertAsked(CSTS, 9);
  }

  @Test
  @Tag("PCIEOE-100")
  void nothingIsAnsweredAheadOfWritesThatWaitForCredits() {
    bench.port.onHarmless(0, DOORBELL, 0x1000);
    told(CSTS, 1);
    bench.down.credits(FlowClass.POSTED, 0);
    bench.post(0, CC, 4, 0);
    Bench.Reply reply = bench.start(0, CSTS, 4);
    bench.run();
    assertThat(reply.calls).isZero();
    bench.down.refill(bench.port);
    bench.run();
    assertThat(reply.calls).isEqualTo(1);
  }

  @Test
  @Tag("PCIEOE-100")
  void configurationWritesAndResetsVoidWhatWasTold() {
    told(CSTS, 1);
    bench.bar().putInt(CSTS, 2);
    bench.configWrite(4, 2, 6);
    assertAsked(CSTS, 2);
    told(CSTS, 2);
    assertHere(CSTS, 4, 2);
    bench.port.reset(new Bench.Reply(), 78);
    bench.runFor(1_000_000_000L);
    assertThat(bench.port.present()).isTrue();
    assertAsked(CSTS, 0);
  }

  @Test
  void anotherStreamKnowsNothing() {
    bench.port.onHarmless(0, DOORBELL, 0x1000);
    told(CSTS, 1);
    bench.port.detach("test");
    assertThat(bench.read(0, CSTS, 4)).as("nobody there").isEqualTo(0xFFFF_FFFFL);
    bench.attach();
    assertAsked(CSTS, 0);
    told(CSTS, 4);
    assertHere(CSTS, 4, 4);
    bench.post(0, DOORBELL, 4, 7);
    bench.run();
    assertAsked(CSTS, 0);
  }

  @Test
  @Tag("PCIEOE-100")
  void whatACardTellsCannotBeAheadOfWhatItGot() {
    told(CSTS, bench.card.changes + 5, 1, 4);
    assertAsked(CSTS, 0);
    told(CSTS, bench.card.changes - 70_000, 1, 4);
    assertAsked(CSTS, 0);
  }

  @Test
  void aCardThatCutsItsRegistersOtherwiseIsNotFollowed() {
    told(0x10, bench.card.changes, 1, 16);
    assertHere(0x10, 4, 1);
    told(CSTS, 7);
    assertThat(counted("events-ignored")).isEqualTo(1);
    assertAsked(0x10, 0);
    for (int i = 0; i < 20; i++) {
      told(0x100 + 4 * i, 3);
    }
    assertThat(counted("events-ignored")).isGreaterThan(1);
  }

  @Test
  @Tag("PCIEOE-100")
  void registersDoNotOvertakeWhatTheCardHasWritten() {
    SlowMemory slow = new SlowMemory();
    long iova = 0x5000_0000L;
    bench.port.dmaWindows().map(new DmaWindow(iova, 1 << 12, Access.READ_WRITE, null, slow));
    bench.card.dmaWrite(iova, (byte) 1);
    bench.run();
    told(CSTS, 1); // The write is under way to the hypervisor.
    assertThat(counted("events-ignored")).isEqualTo(1);
    assertAsked(CSTS, 0);
  }

  @Test
  void configurationSpaceThatCannotChangeIsNotAskedFor() {
    log.clear();
    assertThat(bench.config(0, 4)).isEqualTo(0xBEEF_1AB0);
    assertThat(bench.config(2, 2)).isEqualTo(0xBEEF);
    assertThat(bench.config(0xB, 1)).isEqualTo(1);
    assertThat(bench.config(0x34, 1)).isEqualTo(FakeCard.PM);
    assertThat(bench.config(FakeCard.PM, 4) & 0xFF).isEqualTo(1);
    assertThat(bench.config(FakeCard.MSIX + 4, 4)).isEqualTo(FakeCard.TABLE);
    assertThat(bench.config(FakeCard.PCIE + 4, 4)).isEqualTo(0x1000_0005);
    assertThat(bench.config(0x100, 4)).isEqualTo(0x0001_0003);
    assertThat(bench.config(0x10, 4)).isEqualTo(4);
    assertThat(log).isEmpty();
    // What the guest has written there shows all the same.
    bench.configWrite(FakeCard.MSIX + 2, 2, 0x8000);
    log.clear();
    assertThat(bench.config(FakeCard.MSIX, 4)).isEqualTo(0x8003_8011);
    assertThat(log).isEmpty();
    assertThat(counted("config-reads")).isEqualTo(9);
  }

  @Test
  void configurationSpaceThatMayChangeIs() {
    for (int offset : new int[] {0x04, 0x0C, 0x3C, FakeCard.PM + 4, FakeCard.PCIE + 8, 0x200}) {
      log.clear();
      bench.config(offset, 4);
      assertThat(log).containsExactly("CfgRd %x".formatted(offset));
    }
    log.clear();
    byte[] whole = bench.whole();
    assertThat(whole[1]).isEqualTo((byte) 0x1A);
    assertThat(log).contains("CfgRd 4").doesNotContain("CfgRd 0", "CfgRd 8", "CfgRd 10");
  }
}
