package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nvme.Host.Entry;
import farslot.testkit.TestStore;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LifeTest {
  private final TestStore store = new TestStore(1 << 20);
  private final Host host = new Host(store);

  @Test
  void propertiesSayWhatThereIs() {
    long cap = host.root.read(0, 0, 8);
    assertThat(cap & 0xFFFF).as("MQES").isEqualTo(4095);
    assertThat(cap >>> 16 & 1).as("CQR").isEqualTo(1);
    assertThat(cap >>> 17 & 3).as("AMS").isZero();
    assertThat(cap >>> 24 & 0xFF).as("TO").isEqualTo(60);
    assertThat(cap >>> 32 & 0xF).as("DSTRD").isZero();
    assertThat(cap >>> 37 & 0xFF).as("CSS").isEqualTo(0x41);
    assertThat(cap >>> 48 & 0xF).as("MPSMIN").isZero();
    assertThat(cap >>> 52 & 0xF).as("MPSMAX").isEqualTo(4);
    assertThat(cap >>> 59 & 3).as("CRMS").isEqualTo(1);
    assertThat(host.reg(0x08)).as("VS").isEqualTo(0x0002_0000);
    assertThat(host.root.read(0, 0x0A, 2)).as("half of VS").isEqualTo(2);
    assertThat(host.reg(0x68)).as("CRTO").isEqualTo(60);
    assertThat(host.reg(0x38)).as("CMBLOC").isZero();
    assertThat(host.reg(0x1000)).as("doorbell").isZero();
    assertThat(host.root.found().classCode()).isEqualTo(0x010802);
  }

  @Test
  void halvesOfARegisterAreWritable() {
    host.reg(0x28, 0x1234_5678);
    host.reg(0x2C, 0x9ABC_DEF0);
    assertThat(host.root.read(0, 0x28, 8)).isEqualTo(0x9ABC_DEF0_1234_5000L);
    host.root.write(0, 0x28, 2, 0xFFFF);
    assertThat(host.root.read(0, 0x28, 8)).isEqualTo(0x9ABC_DEF0_1234_5000L);
    host.reg(0x24, -1);
    assertThat(host.reg(0x24)).isEqualTo(0x0FFF_0FFF);
    host.reg(0x00, 0);
    assertThat(host.reg(0x00)).isNotZero();
  }

  @Test
  void enablesAndDisables() {
    assertThat(host.ready()).isFalse();
    assertThat(host.enable().ready()).isTrue();
    host.disable();
    assertThat(host.ready()).isFalse();
    assertThat(host.enable().ready()).isTrue();
    assertThat(host.identify(1, 0)).isNotNull();
  }

  @Test
  void wrongConfigurationsAreFatalUntilDisabled() {
    int good = 4 << 20 | 6 << 16 | 1;
    host.enable();
    host.disable();
    for (int wrong : new int[] {good | 1 << 4, good | 5 << 7, good | 1 << 11, good | 7 << 4}) {
      host.reg(0x14, wrong);
      assertThat(host.fatal()).as("CC %x", wrong).isTrue();
      assertThat(host.ready()).isFalse();
      host.disable();
      assertThat(host.fatal()).isFalse();
    }
    host.reg(0x24, 0);
    host.reg(0x14, good);
    assertThat(host.fatal()).as("queues of one entry").isTrue();
    host.disable();
    assertThat(host.enable().ready()).isTrue();
  }

  @Test
  void misalignedAdminQueuesAreFatalForLargePages() {
    host.enable();
    host.disable();
    host.root.write(0, 0x28, 8, Host.RAM + 0x1000);
    host.reg(0x14, 4 << 20 | 6 << 16 | 4 << 7 | 1);
    assertThat(host.fatal()).isTrue();
  }

  @Test
  void shutdownFlushesBeforeItIsComplete() {
    host.enable();
    store.holding = true;
    host.reg(0x14, host.reg(0x14) | 1 << 14);
    assertThat(host.reg(0x1C) >> 2 & 3).as("SHST").isEqualTo(1);
    assertThat(store.log).containsExactly("flush");
    store.release(false);
    host.root.run();
    assertThat(host.reg(0x1C) >> 2 & 3).as("SHST").isEqualTo(2);
    host.put(0, new Entry(0x06).prp(host.allocate(4096), 0).cdw(10, 1));
    host.ring(0);
    assertThat(host.peek(0)).as("no command after shutdown").isNull();
    store.holding = false;
    host.reg(0x14, host.reg(0x14) & ~(3 << 14 | 1));
    assertThat(host.reg(0x1C)).isZero();
    assertThat(host.enable().ready()).isTrue();
  }

  @Test
  void disablingWaitsForWritesThatAreUnderWay() {
    host.enable().pair(1, 16);
    long buffer = host.allocate(4096);
    host.memory.putBytes(buffer, new byte[] {1, 2, 3});
    store.holding = true;
    host.put(1, host.io(1, 1, 0, 1, buffer, 512));
    host.ring(1);
    assertThat(store.held()).isEqualTo(1);
    host.disable();
    assertThat(host.ready()).as("a write is still with the store").isTrue();
    host.reg(0x14, 4 << 20 | 6 << 16 | 1);
    store.release(false);
    host.root.run();
    assertThat(host.ready()).isTrue();
    assertThat(host.peek(1)).as("an abandoned command completes never").isNull();
    host.disable();
    store.holding = false;
    assertThat(host.ready()).isFalse();
    host.enable().pair(1, 16);
    assertThat(host.run(1, host.io(2, 1, 0, 1, buffer, 512)).status()).isZero();
  }

  @Test
  void aFunctionResetAbandonsEverything() {
    host.enable().pair(1, 16);
    long buffer = host.allocate(4096);
    store.holding = true;
    host.put(1, host.io(1, 1, 0, 1, buffer, 512));
    host.ring(1);
    host.root.holdReads(true);
    host.put(1, host.io(1, 1, 1, 1, buffer, 512));
    host.ring(1);
    assertThat(host.root.heldReads()).isPositive();
    host.root.flr();
    host.root.setUp();
    host.root.enableMsix();
    assertThat(host.reg(0x14)).isZero();
    assertThat(host.reg(0x1C)).isZero();
    host.root.holdReads(false);
    host.root.releaseReads(false);
    host.enable();
    assertThat(host.ready()).as("a write is still with the store").isFalse();
    store.release(false);
    store.holding = false;
    host.root.run();
    assertThat(host.ready()).isTrue();
    host.pair(1, 16);
    assertThat(host.run(1, host.io(2, 1, 0, 1, buffer, 512)).status()).isZero();
  }

  @Test
  void aSurpriseRemovalIsAnUnsafeShutdown() {
    host.enable();
    host.root.surpriseRemove();
    host.root.connect();
    host.root.setUp();
    host.root.enableMsix();
    host.enable();
    long page = host.allocate(4096);
    host.run(0, new Entry(0x02).nsid(-1).prp(page, 0).cdw(10, 0x02 | 127 << 16));
    assertThat(host.memory.getLong(page + 144)).isEqualTo(1);
  }

  @Test
  void withoutMemoryForItsQueueItIsFatal() {
    host.enable();
    host.memory.unmapAll();
    host.ring(0);
    host.reg(0x1000, 1);
    assertThat(host.fatal()).isTrue();
    host.memory.map(Host.RAM, Host.RAM_BYTES);
    host.disable();
    assertThat(host.enable().ready()).isTrue();
  }

  @Test
  void unpluggingClosesStores() {
    host.enable();
    host.root.endpoint().unplug();
    assertThat(store.closed).isTrue();
  }

  @Test
  void largePagesWork() {
    Host large = new Host(Map.of(), 1, new TestStore(1 << 20));
    large.enable();
    large.disable();
    large.allocate(0);
    long base = Host.RAM + (16 << 20);
    large.root.write(0, 0x28, 8, base);
    large.root.write(0, 0x30, 8, base + 0x10000);
    large.reg(0x14, 4 << 20 | 6 << 16 | 4 << 7 | 1);
    assertThat(large.ready()).isTrue();
    new Entry(0x06).prp(base + 0x2_0800, 0).cdw(10, 1).write(large.memory, base, 7);
    large.reg(0x1000, 1);
    assertThat(large.memory.getInt(base + 0x10000 + 12)).isEqualTo(0x1_0007);
    assertThat(large.memory.getBytes(base + 0x2_0800 + 4, 8)).isEqualTo("TEST0001".getBytes());
  }
}
