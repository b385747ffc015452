package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.testkit.FakeRootComplex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Causes, masks, automatic ones of both, and moderation. */
class InterruptTest {
  private static final long MICROSECOND = 1000;

  private final FakeBridge bridge = new FakeBridge();
  private FakeRootComplex root;
  private Driver driver;

  @BeforeEach
  void setUp() {
    root = new FakeRootComplex(new VirtualFunction(bridge));
    root.enumerate();
    root.enableMsix();
    root.memory().map(0x10_0000, 2 << 20);
    driver = new Driver(root, 0x10_0000, 2 << 20).up(2);
    root.interrupts().clear();
  }

  private int count(int vector) {
    return root.interrupts().count(vector);
  }

  private void receive() {
    bridge.give(Frames.ethernet(0x88B5, new byte[46]));
    root.run();
  }

  @Test
  void causesGoWhereTheyAreMapped() {
    receive();
    assertThat(count(0)).isEqualTo(1);
    driver.packet(1, Frames.ethernet(0x88B5, new byte[46]), 0, 0);
    driver.ring(1);
    assertThat(count(1)).isEqualTo(1);
    driver.write(Driver.IVAR, 0x82);
    driver.write(Driver.EIMS, 7);
    receive();
    assertThat(count(2)).isEqualTo(1);
  }

  @Test
  void causesWithoutAVectorAreNone() {
    driver.write(Driver.IVAR, 0);
    receive();
    driver.write(Driver.IVAR, 0x83);
    receive();
    assertThat(root.interrupts().vectors()).isEmpty();
    assertThat(driver.read(Driver.EICR)).isZero();
  }

  @Test
  void aMessageMasksAndClears() {
    receive();
    assertThat(driver.read(Driver.EIMS)).isEqualTo(6);
    assertThat(driver.read(Driver.EICR)).isZero();
    receive();
    assertThat(count(0)).isEqualTo(1);
    assertThat(driver.read(Driver.EICS)).isZero();
    driver.write(Driver.EIMS, 1);
    assertThat(count(0)).as("what came meanwhile").isEqualTo(2);
    driver.write(Driver.EIMS, 1);
    assertThat(count(0)).as("nothing came").isEqualTo(2);
  }

  @Test
  void withoutAutomaticMaskingEachCauseIsAMessage() {
    driver.write(Driver.EIAM, 0);
    receive();
    receive();
    assertThat(count(0)).isEqualTo(2);
    driver.write(Driver.EIMC, 1);
    receive();
    assertThat(count(0)).isEqualTo(2);
    assertThat(driver.read(Driver.EICR)).isEqualTo(1);
    driver.write(Driver.EIMS, 1);
    assertThat(count(0)).as("the cause was read").isEqualTo(2);
  }

  @Test
  void withoutAutomaticClearingTheCauseStays() {
    driver.write(Driver.EIAC, 0);
    receive();
    assertThat(driver.read(Driver.EICR)).isEqualTo(1);
    assertThat(driver.read(Driver.EICR)).isZero();
    receive();
    driver.write(Driver.EICR, 1);
    assertThat(driver.read(Driver.EICR)).isZero();
  }

  @Test
  void causesOfOneTurnAreOneMessage() {
    for (int i = 0; i < 10; i++) {
      bridge.give(Frames.ethernet(0x88B5, new byte[46]));
    }
    root.run();
    assertThat(count(0)).isEqualTo(1);
    assertThat(driver.all(0)).hasSize(10);
  }

  @Test
  void messagesKeepTheirDistance() {
    driver.write(Driver.EIAM, 0);
    driver.write(Driver.EITR, 1 << 31 | 25 << 3); // 50 us
    receive();
    assertThat(count(0)).as("the first at once").isEqualTo(1);
    receive();
    root.advance(49 * MICROSECOND);
    receive();
    assertThat(count(0)).isEqualTo(1);
    root.advance(MICROSECOND);
    assertThat(count(0)).isEqualTo(2);
    root.advance(100 * MICROSECOND);
    assertThat(count(0)).as("two causes, one message").isEqualTo(2);
    receive();
    assertThat(count(0)).isEqualTo(3);
  }

  @Test
  void aMessageThatWaitsIsTakenBackByAMask() {
    driver.write(Driver.EIAM, 0);
    driver.write(Driver.EITR, 1 << 31 | 25 << 3);
    receive();
    receive();
    driver.write(Driver.EIMC, 1);
    root.advance(1000 * MICROSECOND);
    assertThat(count(0)).isEqualTo(1);
    driver.write(Driver.EIMS, 1);
    assertThat(count(0)).isEqualTo(2);
  }

  @Test
  void theCounterMayBeSet() {
    driver.write(Driver.EITR, 5 << 21); // 10 us from now
    receive();
    assertThat(count(0)).isZero();
    root.advance(10 * MICROSECOND);
    assertThat(count(0)).isEqualTo(1);
    assertThat(driver.read(Driver.EITR)).isZero();
  }

  @Test
  void softwareSetsCauses() {
    driver.write(Driver.EICS, 6);
    assertThat(count(1)).isEqualTo(1);
    assertThat(count(2)).isEqualTo(1);
    driver.write(Driver.EICS, -8);
    assertThat(root.interrupts().vectors()).as("there is no such vector").hasSize(2);
  }

  @Test
  void registersReadBack() {
    driver.write(Driver.EIAC, -1);
    assertThat(driver.read(Driver.EIAC)).isEqualTo(7);
    driver.write(Driver.EIAM, 5);
    assertThat(driver.read(Driver.EIAM)).isEqualTo(5);
    driver.write(Driver.IVAR_MISC, -1);
    assertThat(driver.read(Driver.IVAR_MISC)).isEqualTo(0x83);
    driver.write(Driver.IVAR + 4, 0x8180_0180);
    assertThat(driver.read(Driver.IVAR + 4)).isEqualTo(0x8180_0180);
    driver.write(Driver.EITR + 8, -1);
    assertThat(driver.read(Driver.EITR + 8)).isEqualTo(0xFF8);
  }
}
