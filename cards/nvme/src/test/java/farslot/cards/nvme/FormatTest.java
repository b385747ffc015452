package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nvme.Host.Entry;
import farslot.testkit.TestStore;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FormatTest {
  private final TestStore first = new TestStore(1 << 20);
  private final TestStore second = new TestStore(1 << 20);
  private final Host host = new Host(first, second);
  private long page;

  @BeforeEach
  void enable() {
    host.enable().pair(1, 64);
    page = host.allocate(8192);
    Arrays.fill(first.data, (byte) 1);
    Arrays.fill(second.data, (byte) 2);
  }

  private int format(int nsid, int cdw10) {
    return host.admin(0x80, nsid, 0, cdw10, 0).code();
  }

  @Test
  void changesTheBlockSizeAndErases() {
    assertThat(format(1, 1)).isZero();
    byte[] id = host.identify(0, 1);
    assertThat(id[26]).as("FLBAS").isEqualTo((byte) 1);
    assertThat(id[0] & 0xFF | id[1] << 8).as("NSZE").isEqualTo(256);
    assertThat(first.data).containsOnly(0);
    assertThat(second.data).containsOnly(2);
    assertThat(first.log).containsExactly("deallocate 0+1048576", "flush");
    assertThat(host.run(1, host.io(2, 1, 255, 1, page, 4096)).code()).isZero();
    assertThat(host.run(1, host.io(2, 1, 256, 1, page, 4096)).code()).isEqualTo(0x80);
    assertThat(format(1, 0)).isZero();
    assertThat(host.identify(0, 1)[26]).isZero();
  }

  @Test
  void formatsAllByBroadcast() {
    assertThat(format(-1, 1 | 1 << 9)).isZero();
    assertThat(host.identify(0, 1)[26]).isEqualTo((byte) 1);
    assertThat(host.identify(0, 2)[26]).isEqualTo((byte) 1);
    assertThat(second.data).containsOnly(0);
  }

  @Test
  void refusesWhatThereIsNot() {
    assertThat(format(0, 0)).isEqualTo(0x0B);
    assertThat(format(3, 0)).isEqualTo(0x0B);
    assertThat(format(1, 2)).isEqualTo(0x10A);
    assertThat(format(1, 1 << 12)).as("LBAFU").isEqualTo(0x10A);
    assertThat(format(1, 1 << 5)).as("protection").isEqualTo(0x10A);
    assertThat(format(1, 1 << 4)).as("metadata").isEqualTo(0x10A);
    assertThat(format(1, 2 << 9)).as("cryptographic erase").isEqualTo(2);
    assertThat(first.log).isEmpty();
  }

  @Test
  void waitsForWhatIsUnderWayAndTurnsAwayTheRest() {
    first.holding = true;
    host.put(1, host.io(1, 1, 0, 1, page, 512));
    host.ring(1);
    int cid = host.put(0, new Entry(0x80).nsid(1).cdw(10, 1));
    host.ring(0);
    assertThat(first.log).containsExactly("write 0+512");
    assertThat(host.put(1, host.io(2, 1, 0, 1, page, 512))).isPositive();
    host.put(1, host.io(2, 2, 0, 1, page, 512));
    host.ring(1);
    assertThat(host.take(1).code()).as("Format in Progress").isEqualTo(0x84);
    assertThat(host.take(1).code()).as("another namespace").isZero();
    host.put(0, new Entry(0x80).nsid(1).cdw(10, 0));
    host.ring(0);
    assertThat(host.take(0).code()).isEqualTo(0x84);
    first.holding = false;
    first.release(false);
    host.root.run();
    assertThat(host.take(1).code()).as("the write").isZero();
    assertThat(host.take(0).cid()).isEqualTo(cid);
    assertThat(first.data).containsOnly(0);
  }

  @Test
  void writesWhoseDataIsStillComingAreNotMisplaced() {
    host.root.holdReads(true);
    host.put(1, host.io(1, 1, 100, 1, page, 512));
    host.ring(1);
    host.root.releaseReads(false);
    assertThat(host.root.heldReads()).as("its data").isEqualTo(1);
    host.root.holdReads(false);
    first.holding = true;
    int cid = host.put(0, new Entry(0x80).nsid(1).cdw(10, 1));
    host.ring(0);
    assertThat(first.log).containsExactly("deallocate 0+1048576");
    host.root.releaseReads(false);
    assertThat(host.take(1).code()).as("block 100 is elsewhere now").isEqualTo(0x84);
    first.holding = false;
    first.release(false);
    host.root.run();
    assertThat(host.take(0).cid()).isEqualTo(cid);
    assertThat(first.data).containsOnly(0);
  }

  @Test
  void aFailedEraseKeepsTheFormat() {
    first.next = farslot.function.BlockStore.Status.WRITE_ERROR;
    assertThat(format(1, 1)).isEqualTo(0x280);
    first.next = farslot.function.BlockStore.Status.OK;
    assertThat(host.identify(0, 1)[26]).isZero();
    assertThat(host.run(1, host.io(2, 1, 0, 1, page, 512)).code()).isZero();
  }

  @Test
  void aResetInTheMiddleDoesNotLeaveTheNamespaceClosed() {
    first.holding = true;
    host.put(0, new Entry(0x80).nsid(1).cdw(10, 1));
    host.ring(0);
    host.disable();
    first.holding = false;
    first.release(false);
    host.root.run();
    host.enable().pair(1, 64);
    assertThat(host.run(1, host.io(2, 1, 0, 1, page, 512)).code()).isZero();
  }

  @Test
  void changedNamespacesAreTold() {
    assertThat(host.admin(9, 0, 0, 0x0B, 1 << 8).status()).isZero();
    host.put(0, new Entry(0x0C));
    host.ring(0);
    host.put(0, new Entry(0x80).nsid(2).cdw(10, 1));
    host.ring(0);
    assertThat(host.take(0).dw0()).isEqualTo(0x04_00_02);
    assertThat(host.take(0).code()).isZero();
    assertThat(host.admin(2, 0, page, 4 | 1023 << 16, 0).status()).isZero();
    assertThat(host.memory.getLong(page)).isEqualTo(2);
    assertThat(host.admin(2, 0, page, 4 | 1023 << 16, 0).status()).isZero();
    assertThat(host.memory.getLong(page)).as("cleared by reading").isZero();
  }

  @Test
  void aFormatOutlivesTheCard() {
    assertThat(format(1, 1)).isZero();
    Host next = new Host(first, second).enable();
    assertThat(next.identify(0, 1)[26]).isEqualTo((byte) 1);
    assertThat(next.identify(0, 2)[26]).isZero();
  }

  @Test
  void aFormatThatCannotLastIsRefused() {
    first.forgetful = true;
    assertThat(format(1, 1)).isEqualTo(0x10A);
    assertThat(first.data).containsOnly(1);
    assertThat(format(1, 0)).as("nothing to remember").isZero();
  }
}
