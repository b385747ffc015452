package farslot.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.function.GuideProvider;
import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.pcie.FlowClass;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a guide may do, and that nothing older than the doorbell is left at the card's end. */
class GuidedWritesTest {
  private static final long RAM = Bench.RAM;
  private static final int DOORBELL = 0x1000;

  /** A guide that does what a test says, whenever something is written to the doorbell. */
  private static final class Told implements DmaGuide, GuideProvider {
    Consumer<GuidePort> plan = port -> {};
    final List<String> seen = new ArrayList<>();
    GuidePort port;
    int resets;
    int made;

    @Override
    public String name() {
      return "told";
    }

    @Override
    public boolean knows(int vendorId, int deviceId, int classCode) {
      return vendorId == 0x1AB0 && deviceId == 0xBEEF && classCode == 0x010802;
    }

    @Override
    public DmaGuide guide(GuidePort to) {
      port = to;
      made++;
      return this;
    }

    @Override
    public void onWrite(int bar, long offset, MemorySegment from, long at, int bytes) {
      seen.add("%d.%x %d".formatted(bar, offset, bytes));
      if (offset == DOORBELL) {
        plan.accept(port);
      }
    }

    @Override
    public void onCardWrite(long address, MemorySegment from, long at, int bytes) {
      seen.add("card %x %d".formatted(address - RAM, bytes));
      assertThat(from.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at)).isEqualTo((byte) 0x42);
    }

    @Override
    public void reset() {
      resets++;
    }
  }

  private final Told guide = new Told();
  private final Bench bench = Bench.up(PortOptions.DEFAULT.with(List.of(guide)));
  private final List<String> log = bench.card.log;

  private void ring(Consumer<GuidePort> plan) {
    guide.plan = plan;
    log.clear();
    bench.post(0, DOORBELL, 4, 1);
    bench.run();
  }

  private void fill(int at, int bytes, int value) {
    bench.ram.asSlice(at, bytes).fill((byte) value);
  }

  @Test
  void pushesAheadOfTheWrite() {
    fill(0x40, 64, 0x77);
    ring(port -> port.push(RAM + 0x40, 64, true));
    assertThat(log).containsExactly("PUSH 40 64 steady 77", "MWr 1000 4");
    assertThat(bench.port.guide()).hasValue("told");
    assertThat(bench.port.guideCounts()).containsEntry("pushes", 1L);
    assertThat(bench.port.guideCounts()).containsEntry("pushed-bytes", 64L);
  }

  @Test
  void cutsAtPages() {
    ring(port -> port.push(RAM + 0xFF0, 0x1020, false));
    assertThat(log)
        .containsExactly(
            "PUSH ff0 16 passing 00",
            "PUSH 1000 4096 passing 00",
            "PUSH 2000 16 passing 00",
            "MWr 1000 4");
  }

  @Test
  void whatIsPushedAnewIsNotRevoked() {
    ring(port -> port.push(RAM, 64, true));
    fill(0, 64, 9);
    ring(port -> port.push(RAM, 64, true));
    assertThat(log).containsExactly("PUSH 0 64 steady 09", "MWr 1000 4");
  }

  @Test
  @Tag("PCIEOE-98")
  void whatIsLeftIsRevokedIfItMayBeThere() {
    ring(port -> port.push(RAM, 64, true));
    ring(port -> port.leave(RAM + 0x5000, 4096));
    assertThat(log).containsExactly("MWr 1000 4");
    ring(port -> port.leave(RAM + 0x800, 64));
    assertThat(log).containsExactly("REVOKE", "MWr 1000 4");
    ring(port -> port.leave(RAM + 0x800, 64));
    assertThat(log).containsExactly("MWr 1000 4");
  }

  @Test
  void afterACommandThatNobodyKnowsNothingIsLeft() {
    ring(GuidePort::leaveAll);
    assertThat(log).containsExactly("MWr 1000 4");
    ring(port -> port.push(RAM, 64, true));
    ring(GuidePort::leaveAll);
    assertThat(log).containsExactly("REVOKE", "MWr 1000 4");
  }

  @Test
  @Tag("PCIEOE-98")
  void whatCannotBePushedIsRevokedIfItMayBeThere() {
    ring(port -> port.push(RAM, 64, true));
    bench.down.credits(FlowClass.POSTED, 0);
    ring(port -> port.push(RAM, 64, true));
    assertThat(log).containsExactly("REVOKE");
    bench.down.refill(bench.port);
    bench.run();
    assertThat(log).containsExactly("REVOKE", "MWr 1000 4");
    assertThat(bench.port.guideCounts()).containsEntry("refused", 1L);
  }

  @Test
  void nothingOvertakesWritesThatWait() {
    bench.down.credits(FlowClass.POSTED, 0);
    ring(port -> {});
    bench.down.credits(FlowClass.POSTED, 5);
    ring(port -> port.push(RAM, 64, true));
    assertThat(log).isEmpty();
    bench.down.refill(bench.port);
    bench.run();
    assertThat(log).containsExactly("MWr 1000 4", "MWr 1000 4");
  }

  @Test
  @Tag("PCIEOE-98")
  void nothingIsPushedThatTheCardMayNotRead() {
    ring(port -> port.push(RAM - 64, 128, true));
    assertThat(log).containsExactly("MWr 1000 4");
    bench
        .port
        .dmaWindows()
        .map(
            new DmaWindow(
                0x9000_0000L, 4096, Access.WRITE, Arena.ofAuto().allocate(4096, 4096), null));
    ring(port -> port.push(0x9000_0000L, 64, true));
    assertThat(log).containsExactly("MWr 1000 4");
    MemorySegment eyes = Arena.ofAuto().allocate(64);
    assertThat(guide.port.read(0x9000_0000L, eyes, 0, 64)).isFalse();
    assertThat(guide.port.read(RAM + 0xFFE0, eyes, 0, 64)).isFalse();
    assertThat(guide.port.read(RAM, eyes, 0, 64)).isTrue();
    bench.configWrite(4, 2, 0x2);
    assertThat(guide.port.read(RAM, eyes, 0, 64)).isFalse();
    ring(port -> port.push(RAM, 64, true));
    assertThat(log).containsExactly("MWr 1000 4");
  }

  @Test
  void memoryThatIsReachedByMessagesIsNotAtHand() {
    SlowMemory slow = new SlowMemory();
    bench.port.dmaWindows().map(new DmaWindow(0x9000_0000L, 4096, Access.READ_WRITE, null, slow));
    ring(
        port -> {
          assertThat(port.read(0x9000_0000L, Arena.ofAuto().allocate(8), 0, 8)).isFalse();
          port.push(0x9000_0000L, 8, true);
        });
    assertThat(log).containsExactly("MWr 1000 4");
    bench.card.dmaWrite(0x9000_0000L, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
    bench.card.dmaWrite(RAM, (byte) 5, (byte) 6, (byte) 7, (byte) 8);
    bench.run();
    // The card has written this page and would read it back; the write is still held up.
    ring(port -> port.push(RAM, 4, true));
    assertThat(log).containsExactly("MWr 1000 4");
    slow.answer(true);
    ring(port -> port.push(RAM, 4, true));
    assertThat(log).containsExactly("PUSH 0 4 steady 05", "MWr 1000 4");
  }

  @Test
  @Tag("PCIEOE-98")
  void whenMemoryIsTakenAwayItIsRevokedFirst() {
    ring(port -> port.push(RAM, 64, true));
    log.clear();
    bench.port.dmaWindows().unmap(RAM, 1 << 16);
    bench.run();
    assertThat(log).containsExactly("REVOKE");
    log.clear();
    bench.port.dmaWindows().clear();
    bench.run();
    assertThat(log).isEmpty();
  }

  @Test
  void whenAllMemoryIsTakenAwayItIsRevoked() {
    ring(port -> port.push(RAM + 0x3000, 64, true));
    log.clear();
    bench.port.dmaWindows().clear();
    bench.run();
    assertThat(log).containsExactly("REVOKE");
  }

  @Test
  @Tag("PCIEOE-98")
  void whenBusMasteringEndsItIsRevoked() {
    ring(port -> port.push(RAM, 64, true));
    log.clear();
    bench.configWrite(4, 2, 0x2);
    assertThat(log).containsExactly("CfgWr 4", "REVOKE");
  }

  @Test
  void aResetForgets() {
    ring(port -> port.push(RAM, 64, true));
    int before = guide.resets;
    log.clear();
    Bench.Reply reply = new Bench.Reply();
    bench.port.reset(reply, 78);
    guide.plan = port -> port.push(RAM, 64, true);
    bench.post(0, DOORBELL, 4, 1); // Waits until the card has come back; not pushed for.
    bench.runFor(1_000_000_000L);
    assertThat(reply.calls).isOne();
    assertThat(guide.resets).isEqualTo(before + 1);
    assertThat(log).contains("REVOKE", "MWr 1000 4").noneMatch(line -> line.startsWith("PUSH"));
  }

  @Test
  void anotherSessionBeginsAnew() {
    ring(port -> port.push(RAM, 64, true));
    bench.port.detach("test");
    bench.card.reset();
    bench.attach();
    bench.configWrite(4, 2, 0x6);
    assertThat(guide.made).isOne();
    ring(port -> port.leave(RAM, 64));
    assertThat(log).containsExactly("MWr 1000 4");
  }

  @Test
  void aPeerThatTakesNoPushesIsLeftInPeace() {
    bench.down.pushes = false;
    guide.seen.clear();
    ring(port -> port.push(RAM, 64, true));
    assertThat(log).containsExactly("MWr 1000 4");
    assertThat(guide.seen).isEmpty();
  }

  @Test
  void aGuideThatFailsIsNotAskedAgain() {
    ring(port -> port.push(RAM, 64, true));
    ring(
        port -> {
          throw new IllegalStateException("test");
        });
    assertThat(log).containsExactly("REVOKE", "MWr 1000 4");
    assertThat(bench.port.count(PortEvent.GUIDE_FAILED)).isOne();
    assertThat(bench.port.guide()).isEmpty();
    assertThat(bench.events).contains("guide told failed");
    ring(port -> port.push(RAM, 64, true));
    assertThat(log).containsExactly("MWr 1000 4");
    bench.port.detach("test");
    bench.card.reset();
    bench.attach();
    assertThat(bench.port.guide()).isEmpty();
  }

  @Test
  void oneWriteCanOnlyCauseSoMuch() {
    long ram = 0x4000_0000L;
    MemorySegment large = Arena.ofAuto().allocate(1 << 20, 4096);
    bench
        .port
        .dmaWindows()
        .map(new DmaWindow(ram, large.byteSize(), Access.READ_WRITE, large, null));
    ring(port -> port.push(ram, 1 << 20, true));
    assertThat(log).hasSize(161).endsWith("MWr 1000 4");
    ring(
        port -> {
          for (int i = 0; i < 1000; i++) {
            port.push(ram + 4 * i, 4, true);
          }
        });
    // What has been refused may be there from before: then all that was pushed is void.
    assertThat(log).hasSizeLessThan(600).contains("REVOKE").endsWith("MWr 1000 4");
    ring(
        port -> {
          port.leave(ram, Integer.MAX_VALUE);
          port.leave(-8, 64);
          port.push(-8, 64, true);
          port.push(ram, 0, true);
          port.push(ram, -1, true);
        });
    assertThat(log).endsWith("MWr 1000 4").noneMatch(line -> line.startsWith("PUSH"));
  }

  @Test
  void theGuideSeesWhatTheCardSees() {
    guide.seen.clear();
    MemorySegment from = Arena.ofAuto().allocate(4096);
    // Across the MSI-X table, which is not the card's: before it, and behind it.
    bench.port.write(0, 0x1FF8, from, 0, 8 + 64 + 16, new Bench.Reply(), 78);
    bench.port.write(0, 0x2000, from, 0, 16, new Bench.Reply(), 78);
    bench.port.write(2, 4, from, 0, 4, new Bench.Reply(), 78);
    bench.port.write(0, 0x3FFE, from, 0, 4, new Bench.Reply(), 78);
    bench.run();
    assertThat(guide.seen).containsExactly("0.1ff8 8", "0.2040 16", "2.4 4");
    bench.configWrite(0x3C, 1, 5);
    assertThat(guide.seen).hasSize(3);
  }

  @Test
  void aGuideThatWatchesSeesWhatTheCardWrites() {
    guide.seen.clear();
    bench.card.dmaWrite(RAM + 0x80, (byte) 0x42, (byte) 2);
    bench.run();
    assertThat(guide.seen).isEmpty();
    guide.port.watch(true);
    bench.card.dmaWrite(RAM + 0x83, (byte) 0x42, (byte) 2);
    bench.card.dmaWrite(RAM - 4, (byte) 0x42, (byte) 2, (byte) 3, (byte) 4);
    bench.run();
    assertThat(guide.seen).containsExactly("card 83 2");
    Bench.Reply reply = new Bench.Reply();
    bench.port.reset(reply, 78);
    bench.runFor(1_000_000_000L);
    bench.configWrite(4, 2, 0x6);
    bench.card.dmaWrite(RAM + 0x84, (byte) 0x42, (byte) 2);
    bench.run();
    assertThat(guide.seen).hasSize(1);
  }

  @Test
  void aGuideReadsConfigurationSpaceAsTheCardShowedIt() {
    assertThat(guide.port.configDw(0)).isEqualTo(0xBEEF_1AB0);
    assertThat(guide.port.configDw(8) >>> 8).isEqualTo(0x010802);
  }

  @Test
  void aCardThatNoGuideKnowsHasNone() {
    bench.port.detach("test");
    Bench other = Bench.up();
    assertThat(other.port.guide()).isEmpty();
    other.post(0, DOORBELL, 4, 1);
    other.run();
    assertThat(other.card.log).containsExactly("MWr 1000 4");
  }

  @Test
  void memoryThatVanishesHarmsNobody() {
    // As a mapped file that was shortened: the segment is there, and an access throws this.
    ring(port -> port.push(RAM, 64, true));
    ring(
        port -> {
          throw new InternalError("a fault occurred in an unsafe memory access operation");
        });
    assertThat(log).containsExactly("REVOKE", "MWr 1000 4");
    assertThat(bench.port.count(PortEvent.DMA_MEMORY_LOST)).isOne();
    assertThat(bench.port.guide()).isPresent();
  }
}
