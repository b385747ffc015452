package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nic82599.bridge.XcastMode;
import farslot.testkit.FakeRootComplex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What drivers ask the physical function for, word by word. */
class MailboxTest {
  private static final int ACK = 0x8000_0000;
  private static final int NACK = 0x4000_0000;
  private static final int CTS = 0x2000_0000;
  private static final long MILLISECOND = 1_000_000;

  private final FakeBridge bridge = new FakeBridge();
  private FakeRootComplex root;
  private Driver driver;

  @BeforeEach
  void setUp() {
    root = new FakeRootComplex(new VirtualFunction(bridge));
    root.enumerate();
    root.enableMsix();
    root.memory().map(0x10_0000, 2 << 20);
    driver = new Driver(root, 0x10_0000, 2 << 20);
  }

  private int first(int... words) {
    return driver.ask(words)[0];
  }

  @Test
  void resetTellsTheAddressAndTheFilterType() {
    driver.read(Driver.MAILBOX);
    int[] answer = driver.ask(1);
    assertThat(answer).containsExactly(ACK | 1, 0x10_5E_00_02, 0x01_00, 0);
  }

  @Test
  void resetIsRefusedAnAddressWhenThereIsNone() {
    bridge.firstMac = 0;
    driver.read(Driver.MAILBOX);
    assertThat(first(1)).isEqualTo(NACK | 1);
    assertThat(first(8, 0)).isEqualTo(ACK | CTS | 8);
  }

  @Test
  void nothingIsAnsweredBeforeTheReset() {
    for (int message : new int[] {2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 16}) {
      assertThat(first(message, 1, 2)).isEqualTo(NACK | message);
    }
    assertThat(bridge.vlans).isEmpty();
  }

  @Test
  void resetDoneIsSeenOnceAfterPowerOn() {
    assertThat(driver.read(Driver.MAILBOX) & 0xC0).isEqualTo(0x80);
    assertThat(driver.read(Driver.MAILBOX)).isZero();
    root.flr();
    root.setUp();
    assertThat(driver.read(Driver.MAILBOX) & 0xC0).isEqualTo(0x80);
  }

  @Test
  void statusBitsAreClearedByBeingRead() {
    driver.reset();
    driver.write(Driver.MBMEM, 3);
    driver.write(Driver.MAILBOX, 1);
    assertThat(driver.read(Driver.MAILBOX)).isEqualTo(0x30);
    assertThat(driver.read(Driver.MAILBOX)).isZero();
  }

  @Test
  void theBufferIsTheGuestsWhenItSaysSo() {
    driver.write(Driver.MAILBOX, 4);
    assertThat(driver.read(Driver.MAILBOX) & 0xC).isEqualTo(4);
    driver.write(Driver.MAILBOX, 0);
    assertThat(driver.read(Driver.MAILBOX) & 0xC).isZero();
  }

  @Test
  void versionsUpTo13AreSpoken() {
    driver.reset();
    for (int version : new int[] {0, 2, 3, 4}) {
      assertThat(first(8, version)).isEqualTo(ACK | CTS | 8);
    }
    for (int version : new int[] {1, 5, 6, 7, 8, -1}) {
      assertThat(first(8, version)).isEqualTo(NACK | CTS | 8);
    }
  }

  @Test
  void whatAVersionDoesNotHaveIsRefused() {
    driver.reset();
    driver.ask(8, 0);
    for (int message : new int[] {9, 10, 11, 12, 16}) {
      assertThat(first(message)).as("%d in 1.0", message).isEqualTo(NACK | CTS | message);
    }
    driver.ask(8, 2);
    assertThat(first(9)).isEqualTo(ACK | CTS | 9);
    assertThat(first(12, 1)).isEqualTo(NACK | CTS | 12);
    driver.ask(8, 3);
    assertThat(first(12, 2)).isEqualTo(ACK | CTS | 12);
    assertThat(first(12, 3)).as("promiscuity in 1.2").isEqualTo(NACK | CTS | 12);
    driver.ask(8, 4);
    assertThat(first(12, 3)).isEqualTo(ACK | CTS | 12);
    assertThat(first(12, 4)).isEqualTo(NACK | CTS | 12);
    assertThat(first(12, -1)).isEqualTo(NACK | CTS | 12);
    assertThat(driver.ask(16, 0)[1]).isEqualTo(1);
  }

  @Test
  void unknownMessagesAreRefused() {
    driver.reset();
    for (int message : new int[] {0, 7, 13, 14, 15, 17, 0xFFFF}) {
      assertThat(first(message)).isEqualTo(NACK | CTS | message);
    }
  }

  @Test
  void anAnswerThatComesBackIsOnlyAcknowledged() {
    driver.reset();
    driver.write(Driver.MBMEM, ACK | 1);
    driver.write(Driver.MAILBOX, 1);
    assertThat(driver.read(Driver.MAILBOX)).isEqualTo(0x20);
  }

  @Test
  void addresses() {
    driver.reset();
    assertThat(first(2, 0x33_22_11_02, 0x55_44)).isEqualTo(ACK | CTS | 2);
    assertThat(bridge.mac).isEqualTo(0x02_11_22_33_44_55L);
    assertThat(first(2, 0x33_22_11_03, 0x55_44)).as("a group").isEqualTo(NACK | CTS | 2);
    assertThat(first(6 | 1 << 16, 0x33_22_11_02, 0x01_44)).isEqualTo(ACK | CTS | 6 | 1 << 16);
    driver.ask(6 | 2 << 16, 0x33_22_11_02, 0x02_44);
    assertThat(bridge.macs).containsExactly(0x02_11_22_33_44_01L, 0x02_11_22_33_44_02L);
    driver.ask(6 | 1 << 16, 0x33_22_11_02, 0x03_44);
    assertThat(bridge.macs).as("1 begins a new list").containsExactly(0x02_11_22_33_44_03L);
    assertThat(first(6, 0, 0)).isEqualTo(ACK | CTS | 6);
    assertThat(bridge.macs).isEmpty();
  }

  @Test
  void groupsAreHashesTwoAWord() {
    driver.reset();
    assertThat(first(3 | 3 << 16, 0x0FFF_0001, 0x0ABC)).isEqualTo(ACK | CTS | 3 | 3 << 16);
    assertThat(bridge.hashes).containsExactly(1, 0xFFF, 0xABC);
    int[] most = new int[16];
    most[0] = 3 | 255 << 16;
    driver.ask(most);
    assertThat(bridge.hashes).hasSize(30);
  }

  @Test
  void vlans() {
    driver.reset();
    assertThat(first(4 | 1 << 16, 100)).isEqualTo(ACK | CTS | 4 | 1 << 16);
    driver.ask(4 | 1 << 16, 200);
    driver.ask(4, 100);
    assertThat(bridge.vlans).containsExactly(200);
    bridge.portVlan = 7;
    assertThat(first(4 | 1 << 16, 100)).isEqualTo(NACK | CTS | 4 | 1 << 16);
    assertThat(driver.ask(9, 0, 0, 0, 0)).containsExactly(ACK | CTS | 9, 4, 4, 1, 0);
    bridge.portVlan = 0;
    assertThat(driver.ask(9, 0, 0, 0, 0)).containsExactly(ACK | CTS | 9, 4, 4, 0, 0);
  }

  @Test
  void frameLengths() {
    driver.reset();
    assertThat(first(5, 9728)).isEqualTo(ACK | CTS | 5);
    assertThat(bridge.frameBytesMax).isEqualTo(9724);
    for (int bytes : new int[] {9729, 0, -1, 4, 0x7FFF_FFFF, 0x8000_0000}) {
      assertThat(first(5, bytes)).isEqualTo(NACK | CTS | 5);
    }
    driver.ask(8, 0);
    assertThat(first(5, 1519)).as("jumbo frames before 1.1").isEqualTo(NACK | CTS | 5);
    assertThat(first(5, 1518)).isEqualTo(ACK | CTS | 5);
  }

  @Test
  void modesAreGrantedAsFarAsPermitted() {
    driver.reset();
    assertThat(driver.ask(12, 3)[1]).isEqualTo(1);
    assertThat(bridge.granted).isEqualTo(XcastMode.MULTI);
    bridge.trusted = true;
    assertThat(driver.ask(12, 3)[1]).isEqualTo(3);
  }

  @Test
  void redirectionTableAndKey() {
    driver.reset();
    int[] table = driver.ask(10, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(table[0]).isEqualTo(ACK | CTS | 10);
    assertThat(table[8]).isEqualTo(0xE4E4_E4E4);
    int[] key = driver.ask(11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(key[1]).isEqualTo(0xDA56_5A6D);
    assertThat(key[10]).isEqualTo(0xFA01_ACBE);
  }

  @Test
  void theLinkIsAnnouncedByAPing() {
    driver.up();
    assertThat(driver.read(Driver.LINKS)).isEqualTo(0x7000_0000);
    root.interrupts().clear();
    bridge.link(false);
    root.run();
    assertThat(root.interrupts().count(2)).isEqualTo(1);
    assertThat(driver.read(Driver.LINKS)).isZero();
    assertThat(driver.read(Driver.MAILBOX) & 0x10).isEqualTo(0x10);
    assertThat(driver.read(Driver.MBMEM)).isEqualTo(CTS | 0x100);
  }

  @Test
  void aPingWaitsForTheGuest() {
    driver.reset();
    driver.write(Driver.MAILBOX, 4);
    driver.write(Driver.MBMEM, 9);
    bridge.link(false);
    root.run();
    assertThat(driver.read(Driver.MBMEM)).as("while the guest writes").isEqualTo(9);
    driver.write(Driver.MAILBOX, 1);
    assertThat(driver.read(Driver.MBMEM)).as("until it has read").isEqualTo(ACK | CTS | 9);
    driver.write(Driver.MAILBOX, 2);
    assertThat(driver.read(Driver.MBMEM)).isEqualTo(CTS | 0x100);
  }

  @Test
  void aPingDoesNotWaitForEver() {
    driver.reset();
    driver.write(Driver.MBMEM, 3);
    driver.write(Driver.MAILBOX, 1);
    bridge.link(false);
    root.run();
    assertThat(driver.read(Driver.MBMEM)).isEqualTo(ACK | CTS | 3);
    root.advance(60 * MILLISECOND);
    assertThat(driver.read(Driver.MBMEM)).isEqualTo(CTS | 0x100);
  }

  @Test
  void aGuestThatHasNotAskedForItsResetIsNotPinged() {
    driver.read(Driver.MAILBOX);
    bridge.link(false);
    root.advance(100 * MILLISECOND);
    assertThat(driver.read(Driver.MAILBOX)).isZero();
  }

  @Test
  void aResetForgetsWhatWasAgreedOn() {
    driver.reset();
    driver.ask(4 | 1 << 16, 100);
    driver.write(Driver.CTRL, 1 << 26);
    assertThat(bridge.vlans).isEmpty();
    assertThat(first(9)).isEqualTo(NACK | 9);
  }
}
