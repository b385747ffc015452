package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.cards.nic82599.bridge.XcastMode;
import farslot.function.state.StateException;
import farslot.testkit.FakeRootComplex;
import farslot.testkit.SlotMove;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A function that moves: what the guest was granted, frames on their way, moderation. */
class StateTest {
  private static final long MEMORY = 0x10_0000;
  private static final int BYTES = 4 << 20;

  private final FakeBridge bridge = new FakeBridge();
  private final FakeBridge there = new FakeBridge();
  private FakeRootComplex root;
  private Driver driver;

  @BeforeEach
  void setUp() {
    root = server(bridge);
    driver = new Driver(root, MEMORY, BYTES).up(2);
    root.interrupts().clear();
  }

  private static FakeRootComplex server(FakeBridge bridge) {
    FakeRootComplex root = new FakeRootComplex(new VirtualFunction(bridge));
    root.enumerate();
    root.enableMsix();
    root.memory().map(MEMORY, BYTES);
    return root;
  }

  /** The same server, whose function is now elsewhere. */
  private void move() throws StateException {
    byte[] state = SlotMove.save(root);
    FakeRootComplex other = server(there);
    other.memory().putBytes(MEMORY, root.memory().getBytes(MEMORY, BYTES));
    other.endpoint().restore(state);
    other.endpoint().resume();
    other.run();
    driver.goOn(other);
    root = other;
  }

  private static byte[] frame(int bytes) {
    return Frames.ethernet(0x88B5, Frames.random(bytes - 14, bytes));
  }

  @Test
  void whatTheGuestWasGrantedIsAskedForAnew() throws StateException {
    bridge.trusted = true;
    there.trusted = true;
    driver.ask(2, 0x33_22_11_02, 0x55_44);
    driver.ask(6 | 1 << 16, 0x33_22_11_02, 0x01_44);
    driver.ask(3 | 2 << 16, 0x0123_0456);
    driver.ask(4 | 1 << 16, 100);
    driver.ask(4 | 1 << 16, 200);
    driver.ask(4, 100);
    driver.ask(5, 9018);
    driver.ask(12, 2);
    move();
    assertThat(there.mac).isEqualTo(bridge.mac);
    assertThat(there.macs).isEqualTo(bridge.macs).hasSize(1);
    assertThat(there.hashes).containsExactly(0x456, 0x123);
    assertThat(there.vlans).containsExactly(200);
    assertThat(there.frameBytesMax).isEqualTo(9014);
    assertThat(there.granted).isEqualTo(XcastMode.ALLMULTI);
    assertThat(driver.ask(9, 0, 0, 0, 0)[0]).as("no reset is needed").isEqualTo(0xA000_0009);
  }

  @Test
  void whatIsNotPermittedThereIsRefused() {
    bridge.trusted = true;
    driver.ask(12, 3);
    assertThatThrownBy(this::move)
        .isInstanceOf(StateException.class)
        .hasMessageContaining("may not have its mode");
    there.trusted = true;
    there.portVlan = 7;
    driver.ask(4 | 1 << 16, 100);
    assertThatThrownBy(this::move).hasMessageContaining("may not be in a VLAN");
  }

  @Test
  void framesThatWaitGoAlong() throws StateException {
    root.endpoint().pause();
    for (int i = 0; i < 10; i++) {
      assertThat(bridge.give(frame(100 + i))).isTrue();
    }
    root.run();
    assertThat(driver.next(0)).as("while paused").isNull();
    move();
    List<Driver.Filled> all = driver.all(0);
    assertThat(all).hasSize(10);
    assertThat(all.get(9).bytes()).isEqualTo(frame(109));
    assertThat(root.interrupts().count(0)).isEqualTo(1);
  }

  @Test
  void packetsUnderWayEndAndOthersWait() throws StateException {
    driver.packet(0, frame(100), 0, 0);
    root.holdReads(true);
    driver.ring(0);
    root.releaseReads(false);
    root.endpoint().pause();
    driver.packet(0, frame(200), 0, 0);
    driver.ring(0);
    root.holdReads(false);
    root.releaseReads(false);
    assertThat(bridge.frames).containsExactly(frame(100));
    move();
    assertThat(there.frames).containsExactly(frame(200));
    driver.packet(0, frame(300), 0, 0);
    driver.ring(0);
    assertThat(there.frames).containsExactly(frame(200), frame(300));
  }

  /** A queue that stays would not fetch again what it has, wherever its ring is said to be now. */
  @Test
  void whatWasFetchedAheadGoesAlong() throws StateException {
    byte[] frame = frame(100);
    long at = driver.allocate(100);
    root.memory().putBytes(at, frame);
    int data = 3 << 20 | 1 << 29 | 1 << 25;
    int index = driver.descriptor(0, at, 60 | data, 0);
    driver.ring(0);
    root.memory().putLong(driver.txRing[0] + index * 16L, 0xDEAD_0000L);
    driver.write(0x2000, 0xDEAD_0000);
    driver.write(0x2008, 128);
    move();
    driver.write(0x2000, (int) driver.txRing[0]);
    driver.descriptor(0, at + 60, 40 | data | 1 << 24, 0);
    driver.ring(0);
    assertThat(there.frames).containsExactly(frame);
  }

  @Test
  void contextsAndCountersGoAlong() throws StateException {
    driver.context(0, 14, 0, 5, 0, 0, 0);
    driver.packet(0, frame(100), 0, 0);
    driver.ring(0);
    move();
    driver.packet(0, frame(100), 1 << 30, 0);
    driver.ring(0);
    assertThat(there.frames).containsExactly(Frames.tagged(5, frame(100)));
    assertThat(driver.read(0x201C)).isEqualTo(2);
  }

  @Test
  void moderationGoesOn() throws StateException {
    driver.write(Driver.EIAM, 0);
    driver.write(Driver.EITR, 1 << 31 | 250 << 3); // 500 us
    bridge.give(frame(100));
    bridge.give(frame(101));
    root.run();
    root.interrupts().clear();
    bridge.give(frame(102));
    root.endpoint().pause();
    root.run();
    byte[] state = root.endpoint().save();
    assertThat(state).isEqualTo(root.endpoint().save());
    FakeRootComplex other = server(there);
    other.memory().putBytes(MEMORY, root.memory().getBytes(MEMORY, BYTES));
    SlotMove.restore(other, state);
    other.endpoint().resume();
    other.run();
    assertThat(other.interrupts().count(0)).isZero();
    other.advance(500_000);
    assertThat(other.interrupts().count(0)).isEqualTo(1);
  }

  @Test
  void anotherLinkIsToldOf() throws StateException {
    there.up = false;
    move();
    assertThat(driver.read(Driver.LINKS)).isZero();
    assertThat(driver.read(Driver.MAILBOX) & 0x10).isEqualTo(0x10);
    assertThat(root.interrupts().count(2)).isEqualTo(1);
  }

  @Test
  void aQueueThatHangsStillDoes() throws StateException {
    driver.write(0x2018, 999);
    move();
    driver.packet(0, frame(100), 0, 0);
    driver.ring(0);
    assertThat(there.frames).isEmpty();
    driver.packet(1, frame(100), 0, 0);
    driver.ring(1);
    assertThat(there.frames).hasSize(1);
  }
}
