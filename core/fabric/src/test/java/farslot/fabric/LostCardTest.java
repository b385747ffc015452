package farslot.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.CardsName;
import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.function.GuideProvider;
import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.pcie.FlowClass;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A card is lost and another takes its place: when its guide may speak for it, and what it can do.
 */
class LostCardTest {
  private static final long RAM = Bench.RAM;
  private static final int DOORBELL = 0x1000;
  private static final int MASTER = 0x6;
  private static final int NOT_MASTER = 0x2;

  private static final class Told implements DmaGuide, GuideProvider {
    Consumer<CardsName> plan = name -> {};
    final List<String> seen = new ArrayList<>();

    @Override
    public String name() {
      return "told";
    }

    @Override
    public boolean knows(int vendorId, int deviceId, int classCode) {
      return true;
    }

    @Override
    public DmaGuide guide(GuidePort to) {
      return this;
    }

    @Override
    public void onWrite(int bar, long offset, MemorySegment from, long at, int bytes) {
      seen.add("%d.%x %d".formatted(bar, offset, bytes));
    }

    @Override
    public void onReplaced(CardsName name) {
      seen.add("replaced");
      plan.accept(name);
    }

    @Override
    public void reset() {
      seen.add("reset");
    }
  }

  private final Told guide = new Told();
  private final Bench bench = Bench.up(PortOptions.DEFAULT.with(List.of(guide)));

  @BeforeEach
  void driverAtWork() {
    bench.port.arm(LocalFunction.IRQ_MSIX, 0, new boolean[] {true, true});
    bench.run();
    guide.seen.clear();
    bench.events.clear();
  }

  private void lose() {
    bench.down.drop();
    bench.up.drop();
    bench.port.onDown();
    bench.card.reset();
  }

  private void lost() {
    lose();
    bench.attach();
  }

  @Test
  void theGuideIsToldOnceAndThenBeginsAnew() {
    lost();
    assertThat(guide.seen).containsExactly("replaced", "reset");
    guide.seen.clear();
    bench.post(0, DOORBELL, 4, 1);
    assertThat(guide.seen).containsExactly("0.1000 4");
  }

  @Test
  void itCanReadAndWriteWhatWasTheCardsAndInterrupt() {
    guide.plan =
        name -> {
          MemorySegment bytes = Arena.ofAuto().allocate(16);
          bytes.fill((byte) 7);
          assertThat(name.write(RAM + 0x20, bytes, 0, 16)).isTrue();
          assertThat(name.read(RAM + 0x28, bytes, 0, 16)).isTrue();
          assertThat(bytes.toArray(ValueLayout.JAVA_BYTE))
              .isEqualTo(new byte[] {7, 7, 7, 7, 7, 7, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0});
          assertThat(name.hears(1)).isTrue();
          assertThat(name.hears(2)).isFalse();
          assertThat(name.hears(-1)).isFalse();
          name.interrupt(1);
          name.interrupt(2);
        };
    lost();
    assertThat(bench.events).contains("irq 2.1").noneMatch(event -> event.startsWith("irq 2.2"));
  }

  @Test
  void itIsHeardByMsiToo() {
    bench.port.arm(LocalFunction.IRQ_MSIX, 0, new boolean[] {false, false});
    bench.port.arm(LocalFunction.IRQ_MSI, 0, new boolean[] {true});
    guide.plan = name -> name.interrupt(0);
    lost();
    assertThat(bench.events).contains("irq 1.0");
  }

  @Test
  void outsideOfWhatTheCardMayReachNothingMoves() {
    MemorySegment readOnly = Arena.ofAuto().allocate(4096, 4096);
    bench.port.dmaWindows().map(new DmaWindow(0x9000_0000L, 4096, Access.READ, readOnly, null));
    bench
        .port
        .dmaWindows()
        .map(new DmaWindow(0xA000_0000L, 4096, Access.READ_WRITE, null, new SlowMemory()));
    guide.plan =
        name -> {
          MemorySegment bytes = Arena.ofAuto().allocate(16);
          assertThat(name.write(0x9000_0000L, bytes, 0, 16)).isFalse();
          assertThat(name.read(0x9000_0000L, bytes, 0, 16)).isTrue();
          assertThat(name.write(0xA000_0000L, bytes, 0, 16)).isFalse();
          assertThat(name.write(RAM + 0xFFF8, bytes, 0, 16)).isFalse();
          assertThat(name.write(-8, bytes, 0, 16)).isFalse();
          assertThat(name.write(RAM, bytes, 0, 0)).isFalse();
        };
    lost();
    assertThat(guide.seen).contains("replaced");
    assertThat(bench.port.count(PortEvent.GUIDE_FAILED)).isZero();
  }

  @Test
  void whatTheDriverWritesMeanwhileIsSeen() {
    lose();
    bench.post(0, DOORBELL, 4, 1);
    bench.post(0, 0x4000, 4, 1); // Outside of the BAR.
    bench.attach();
    assertThat(guide.seen).containsExactly("0.1000 4", "replaced", "reset");
  }

  @Test
  void lostAgainBeforeItWasBroughtUp() {
    lose();
    bench.card.changes = 0;
    bench.port.attach(bench);
    lost();
    assertThat(guide.seen).containsExactly("replaced", "reset");
  }

  @Test
  void aDriverThatConfiguresItMeanwhileHasNoticed() {
    lose();
    bench.configWrite(4, 2, NOT_MASTER);
    bench.attach();
    assertThat(guide.seen).containsExactly("reset");
  }

  @Test
  void aDriverThatHadLetGoIsToldNothing() {
    bench.configWrite(4, 2, NOT_MASTER);
    lost();
    assertThat(guide.seen).containsExactly("reset");
  }

  @Test
  void aDriverThatLetsGoInVainHasLetGo() {
    bench.down.credits(FlowClass.NON_POSTED, 0);
    bench.configWrite(4, 2, NOT_MASTER); // Never gets to the card.
    lose();
    bench.down.refill(bench.port);
    bench.attach();
    assertThat(guide.seen).containsExactly("reset");
    guide.seen.clear();
    bench.configWrite(4, 2, MASTER);
    lost();
    assertThat(guide.seen).containsExactly("replaced", "reset");
  }

  @Test
  void aResetMeanwhileEndsIt() {
    lose();
    bench.port.reset(new Bench.Reply(), 78);
    bench.attach();
    assertThat(guide.seen).containsExactly("reset", "reset");
  }

  @Test
  void memoryThatIsTakenAwayMeanwhileEndsIt() {
    lose();
    bench.port.dmaWindows().unmap(RAM, 1 << 16);
    bench.attach();
    assertThat(guide.seen).containsExactly("reset");
  }

  @Test
  void aGuideThatFailsThereIsNotAskedAgain() {
    guide.plan =
        name -> {
          throw new IllegalStateException("test");
        };
    lost();
    assertThat(bench.port.present()).isTrue();
    assertThat(bench.port.guide()).isEmpty();
    assertThat(bench.events).contains("guide told failed");
  }
}
