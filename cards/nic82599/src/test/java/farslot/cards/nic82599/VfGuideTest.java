package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nic82599.guide.VfGuideProvider;
import farslot.testkit.FakeRootComplex;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the guide sends along, and what it leaves to the card. */
class VfGuideTest {
  private final FakeBridge bridge = new FakeBridge();
  private FakeRootComplex root;
  private Driver driver;
  private Guided guided;

  @BeforeEach
  void setUp() {
    root = new FakeRootComplex(new VirtualFunction(bridge));
    root.enumerate();
    root.memory().map(0x10_0000, 4 << 20);
    driver = new Driver(root, 0x10_0000, 4 << 20);
    guided = new Guided(root);
    driver.guided = guided;
    driver.up(2);
    guided.log.clear();
  }

  private String descriptors(int first, int count) {
    return "push %x %d steady".formatted(driver.txRing[0] + 16L * first, 16 * count);
  }

  private static byte[] frame(int bytes) {
    return Frames.ethernet(0x88B5, Frames.random(bytes - 14, bytes));
  }

  private long address(int index) {
    return driver.memory.getLong(driver.txRing[0] + 16L * index);
  }

  @Test
  void itKnowsTheFamilysFunctions() {
    VfGuideProvider provider = new VfGuideProvider();
    assertThat(provider.knows(0x8086, 0x10ED, 0x020000)).isTrue();
    assertThat(provider.knows(0x8086, 0x1515, 0x020000)).isTrue();
    assertThat(provider.knows(0x8086, 0x10FB, 0x020000)).as("a physical one").isFalse();
    assertThat(provider.knows(0x1AF4, 0x10ED, 0x020000)).isFalse();
  }

  @Test
  void descriptorsAndDataGoAlong() {
    driver.context(0, 14, 20, 0, 0, 0, 0);
    driver.packet(0, frame(100), 0, 0);
    driver.packet(0, frame(6000), 0, 0);
    String small = "push %x 100 steady".formatted(address(1));
    String large = "push %x 6000 steady".formatted(address(2));
    root.holdReads(true);
    driver.ring(0);
    assertThat(guided.takeLog()).containsExactly(descriptors(0, 3), small, large);
    assertThat(root.heldReads()).as("round trips").isZero();
    assertThat(bridge.frames).containsExactly(frame(100), frame(6000));
  }

  @Test
  void ringsGoRound() {
    for (int i = 0; i < Driver.RING - 2; i++) {
      driver.packet(0, frame(100), 0, 0);
      driver.ring(0);
    }
    guided.log.clear();
    for (int i = 0; i < 4; i++) {
      driver.packet(0, frame(100 + i), 0, 0);
    }
    driver.ring(0);
    assertThat(guided.takeLog()).startsWith(descriptors(62, 2), descriptors(0, 2)).hasSize(6);
    assertThat(bridge.frames).hasSize(Driver.RING + 2);
  }

  @Test
  void piecesThatLieBehindEachOtherAreOne() {
    long at = driver.allocate(300);
    driver.descriptor(0, at, 3 << 20 | 1 << 29 | 54, 0);
    driver.descriptor(0, at + 54, 3 << 20 | 1 << 29 | 9 << 24 | 246, 0);
    driver.ring(0);
    assertThat(guided.takeLog())
        .containsExactly(descriptors(0, 2), "push %x 300 steady".formatted(at));
  }

  @Test
  void whatIsTooLongIsNamedFirst() {
    long at = driver.allocate(64 << 10);
    for (int i = 0; i < 5; i++) {
      driver.descriptor(0, at, 3 << 20 | 1 << 29 | (i == 4 ? 9 << 24 : 0) | 0xFFFF, 0);
    }
    driver.ring(0);
    assertThat(guided.takeLog())
        .startsWith("leave %x 65535".formatted(at), descriptors(0, 5))
        .hasSize(6);
  }

  @Test
  void receiveDescriptorsAreNamed() {
    driver.give(0, 0);
    assertThat(guided.takeLog()).as("nothing new").isEmpty();
    bridge.give(frame(100));
    root.run();
    driver.all(0);
    driver.give(0, 2);
    assertThat(guided.takeLog())
        .containsExactly(
            "leave %x 16".formatted(driver.rxRing[0] + 63 * 16),
            "leave %x 16".formatted(driver.rxRing[0]));
  }

  @Test
  void queuesThatItHasNotSeenAreLeft() {
    guided.guide.reset();
    driver.packet(0, frame(100), 0, 0);
    driver.ring(0);
    assertThat(guided.log).as("an unknown queue is off").isEmpty();
    driver.write(0x2028, Driver.ENABLE);
    driver.packet(0, frame(100), 0, 0);
    driver.ring(0);
    assertThat(guided.takeLog()).containsOnly("leave all");
    assertThat(bridge.frames).hasSize(2);
  }

  @Test
  void tailsOutsideAndRingsWithoutMemoryAreLeft() {
    driver.write(0x2018, Driver.RING);
    assertThat(guided.takeLog()).containsExactly("leave all");
    driver.write(0x2028, 0);
    driver.write(0x2004, 0x7777);
    driver.write(0x2018, 0);
    driver.write(0x2028, Driver.ENABLE);
    driver.write(0x2018, 3);
    assertThat(guided.takeLog()).containsExactly("leave all");
    driver.write(0x1018, 999);
    assertThat(guided.takeLog()).containsExactly("leave all");
  }

  @Test
  void aQueueThatBeginsWithWorkIsLeft() {
    driver.write(0x2028, 0);
    driver.write(0x2018, 2);
    driver.write(0x2028, Driver.ENABLE);
    assertThat(guided.takeLog()).containsExactly("leave all");
  }

  @Test
  void aResetForgetsTheQueues() {
    driver.write(Driver.CTRL, 1 << 26);
    assertThat(guided.takeLog()).containsExactly("leave all");
    driver.write(0x2018, 3);
    assertThat(guided.takeLog()).isEmpty();
  }

  @Test
  void writesInPartsLoseIt() {
    MemorySegment some = MemorySegment.ofArray(new byte[16]);
    guided.guide.onWrite(0, 0x2001, some, 0, 4);
    guided.guide.onWrite(0, 0x2000, some, 0, 2);
    assertThat(guided.takeLog()).containsExactly("leave all", "leave all");
    driver.packet(0, frame(100), 0, 0);
    driver.ring(0);
    assertThat(guided.takeLog()).containsExactly("leave all");
    driver = new Driver(root, 0x10_0000, 4 << 20);
    driver.guided = guided;
    driver.up();
    guided.log.clear();
    driver.packet(0, frame(100), 0, 0);
    driver.ring(0);
    assertThat(guided.takeLog()).hasSize(2);
  }

  @Test
  void twoRegistersInOneWrite() {
    MemorySegment both = MemorySegment.ofArray(new byte[8]);
    both.set(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, 0, 0x7777_0000);
    guided.guide.onWrite(0, 0x2000, both, 0, 8);
    driver.packet(0, frame(100), 0, 0);
    driver.ring(0);
    assertThat(guided.takeLog()).containsExactly("leave all");
  }

  @Test
  void onlyTheLastOfSeveralTailsCounts() {
    assertThat(guided.guide.lastCounts(0, 0x2018, 4)).isTrue();
    assertThat(guided.guide.lastCounts(0, 0x2058, 4)).isTrue();
    assertThat(guided.guide.lastCounts(0, 0x1018, 4)).isTrue();
    assertThat(guided.guide.lastCounts(0, 0x2018, 8)).isFalse();
    assertThat(guided.guide.lastCounts(0, 0x2010, 4)).isFalse();
    assertThat(guided.guide.lastCounts(0, 0x108, 4)).isFalse();
    assertThat(guided.guide.lastCounts(3, 0x2018, 4)).isFalse();
    assertThat(guided.guide.mayWait(0, 0x2018)).isFalse();
  }
}
