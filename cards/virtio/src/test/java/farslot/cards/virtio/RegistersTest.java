package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.testkit.TestStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What software finds in configuration space and in the structures. */
class RegistersTest {
  private final TestStore store = new TestStore(1 << 20);
  private final Host host = new Host(store);

  /** Type to offset of a capability in configuration space. */
  private Map<Integer, Integer> capabilities() {
    Map<Integer, Integer> found = new HashMap<>();
    int at = host.root.configRead(0x34, 1);
    while (at != 0) {
      if (host.root.configRead(at, 1) == 9) {
        found.put(host.root.configRead(at + 3, 1), at);
      }
      at = host.root.configRead(at + 1, 1);
    }
    return found;
  }

  private int config(int at) {
    return host.root.configRead(at, 4);
  }

  @Test
  void driversFindAModernBlockDevice() {
    assertThat(config(0)).isEqualTo(0x10421AF4);
    assertThat(config(8)).isEqualTo(0x01000001);
    assertThat(config(0x2C)).isEqualTo(0x11001AF4);
    Map<Integer, Integer> at = capabilities();
    assertThat(at.keySet()).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    int[][] structures = {{1, 0, 60}, {2, 0x3000, 16}, {3, 0x1000, 1}, {4, 0x2000, 60}};
    for (int[] structure : structures) {
      int cap = at.get(structure[0]);
      assertThat(config(cap + 4)).as("BAR").isZero();
      assertThat(config(cap + 8)).as("offset").isEqualTo(structure[1]);
      assertThat(config(cap + 12)).as("length").isEqualTo(structure[2]);
    }
    assertThat(host.root.configRead(at.get(1) + 2, 1)).isEqualTo(16);
    assertThat(host.root.configRead(at.get(2) + 2, 1)).isEqualTo(20);
    assertThat(config(at.get(2) + 16)).as("notify_off_multiplier").isEqualTo(4);
  }

  @Test
  void theDeviceIsReachedThroughConfigurationSpace() {
    int at = capabilities().get(5);
    host.root.configWrite(at + 4, 1, 0);
    host.root.configWrite(at + 8, 4, 0x2000);
    host.root.configWrite(at + 12, 4, 4);
    assertThat(config(at + 16)).as("capacity").isEqualTo(2048);
    host.root.configWrite(at + 8, 4, 0x14);
    host.root.configWrite(at + 12, 4, 1);
    host.root.configWrite(at + 16, 1, 3);
    assertThat(host.status()).isEqualTo(3);
    assertThat(config(at + 16)).isEqualTo(3);
  }

  @Test
  void featuresAreOfferedInHalves() {
    long blk = 1L << 1 | 1L << 2 | 1L << 6 | 1L << 9 | 1L << 10 | 1L << 11 | 1L << 12;
    long shared = 1L << 28 | 1L << 32 | 1L << 33 | 1L << 36;
    assertThat(host.offered()).isEqualTo(blk | shared | 1L << 13 | 1L << 14);
    host.reg(0, 4, 2);
    assertThat(host.reg(4, 4)).isZero();
  }

  @Test
  void aReadOnlyDiskSaysSo() {
    TestStore fixed = new TestStore(1 << 20);
    fixed.readOnly = true;
    Host other = new Host(fixed);
    assertThat(other.offered() & (1L << 5 | 1L << 13 | 1L << 14)).isEqualTo(1L << 5);
    assertThat(other.reg(0x2024, 4)).as("max_discard_sectors").isZero();
  }

  @Test
  void featuresThatWereNotOfferedAreRefused() {
    for (long wrong : List.of(Host.VERSION_1 | 1L << 29, Host.VERSION_1 | 1L << 34, 0L)) {
      host.reg(0x14, 1, 0);
      host.reg(0x14, 1, 3);
      host.accept(wrong);
      host.reg(0x14, 1, 11);
      assertThat(host.status()).as("with %x", wrong).isEqualTo(3);
      host.reg(0x14, 1, 15);
      assertThat(host.status()).as("no DRIVER_OK without FEATURES_OK").isEqualTo(3);
    }
    host.begin(Host.VERSION_1);
    host.accept(0);
    host.reg(8, 4, 1);
    assertThat(host.reg(12, 4)).as("too late to change one's mind").isEqualTo(1);
  }

  @Test
  void queueFieldsBelongToTheSelectedQueue() {
    assertThat(host.reg(0x12, 2)).isEqualTo(4);
    for (int i = 0; i < 4; i++) {
      host.reg(0x16, 2, i);
      assertThat(host.reg(0x18, 2)).isEqualTo(64);
      assertThat(host.reg(0x1E, 2)).isEqualTo(i);
      assertThat(host.reg(0x1A, 2)).isEqualTo(0xFFFF);
      host.reg(0x18, 2, 8 << i);
      host.reg(0x20, 4, 0x1000 * i);
      host.reg(0x24, 4, i);
    }
    host.reg(0x16, 2, 2);
    assertThat(host.reg(0x18, 2)).isEqualTo(32);
    assertThat(host.root.read(0, 0x20, 8)).isEqualTo(0x2_0000_2000L);
    host.reg(0x16, 2, 4);
    assertThat(host.reg(0x18, 2)).as("there is no such queue").isZero();
    host.reg(0x18, 2, 8);
    assertThat(host.reg(0x18, 2)).isZero();
  }

  @Test
  void fieldsCanBeWrittenWithOthersAndInParts() {
    host.root.write(0, 0x30, 8, 0x1122_3344_5566_7788L);
    assertThat(host.root.read(0, 0x30, 8)).isEqualTo(0x1122_3344_5566_7788L);
    host.reg(0x32, 2, 0xABCD);
    assertThat(host.root.read(0, 0x30, 8)).isEqualTo(0x1122_3344_ABCD_7788L);
    // queue_select and queue_size in one: in their order.
    host.reg(0x16, 2, 1);
    host.reg(0x14, 4, 3 | 2 << 16);
    assertThat(host.status()).isEqualTo(3);
    assertThat(host.reg(0x16, 2)).isEqualTo(2);
  }

  @Test
  void vectorsThatDoNotExistAreNotTaken() {
    host.reg(0x10, 2, 4);
    assertThat(host.reg(0x10, 2)).isEqualTo(4);
    host.reg(0x10, 2, 5);
    assertThat(host.reg(0x10, 2)).isEqualTo(0xFFFF);
    host.reg(0x1A, 2, 5);
    assertThat(host.reg(0x1A, 2)).isEqualTo(0xFFFF);
  }

  @Test
  void queuesOfImpossibleSizesAreNotEnabled() {
    host.begin(Host.VERSION_1);
    for (int size : new int[] {0, 3, 65, 128, 0xFFFF}) {
      host.reg(0x16, 2, 0);
      host.reg(0x18, 2, size);
      host.reg(0x1C, 2, 1);
      assertThat(host.reg(0x1C, 2)).as("size %d", size).isZero();
    }
    host.queue(0, 32, 1);
    host.reg(0x18, 2, 16);
    assertThat(host.reg(0x18, 2)).as("fixed once enabled").isEqualTo(32);
    host.reg(0x1C, 2, 0);
    assertThat(host.reg(0x1C, 2)).isEqualTo(1);
  }

  @Test
  void deviceConfiguration() {
    assertThat(host.root.read(0, 0x2000, 8)).isEqualTo(2048);
    assertThat(host.reg(0x2008, 4)).as("size_max").isEqualTo(1 << 20);
    assertThat(host.reg(0x200C, 4)).as("seg_max").isEqualTo(62);
    assertThat(host.reg(0x2014, 4)).as("blk_size").isEqualTo(512);
    assertThat(host.reg(0x2018, 1)).as("physical_block_exp").isEqualTo(3);
    assertThat(host.reg(0x2022, 2)).as("num_queues").isEqualTo(4);
    assertThat(host.reg(0x2028, 4)).as("max_discard_seg").isEqualTo(32);
    assertThat(host.reg(0x2038, 1)).as("write_zeroes_may_unmap").isEqualTo(1);
    host.reg(0x2000, 4, 7);
    assertThat(host.reg(0x2000, 4)).as("read only").isEqualTo(2048);
  }

  @Test
  void writebackIsForWhoHasAcceptedIt() {
    host.begin(Host.VERSION_1 | Host.FLUSH);
    host.reg(0x2020, 1, 0);
    assertThat(host.reg(0x2020, 1)).isEqualTo(1);
    host.begin(Host.VERSION_1 | Host.FLUSH | Host.CONFIG_WCE);
    host.reg(0x2020, 1, 0);
    assertThat(host.reg(0x2020, 1)).isZero();
  }

  @Test
  void capacityIsInWholeBlocks() {
    Host other = new Host(new TestStore(10_000), Map.of("block-size", 4096), 1);
    assertThat(other.root.read(0, 0x2000, 8)).isEqualTo(16);
    assertThat(other.reg(0x2014, 4)).isEqualTo(4096);
    assertThat(other.reg(0x2018, 1)).isZero();
  }
}
