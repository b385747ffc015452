package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.virtio.Host.Part;
import farslot.cards.virtio.Host.Queue;
import farslot.pcie.CompletionStatus;
import farslot.testkit.TestStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Drivers that break the rules: the device says that it needs a reset, and works after one. */
class MisbehaviourTest {
  private final TestStore store = new TestStore(1 << 20);
  private final Host host = new Host(store);
  private Queue queue;

  @BeforeEach
  void start() {
    queue = host.start();
    host.root.interrupts().clear();
  }

  private void offered(int head) {
    queue.offer(head);
    queue.ring();
  }

  /** The device has given up, has said so by the configuration vector, and comes back. */
  private void isBroken() {
    assertThat(host.needsReset()).as("DEVICE_NEEDS_RESET").isTrue();
    assertThat(host.root.interrupts().count(0)).as("configuration interrupts").isEqualTo(1);
    assertThat(queue.take()).as("nothing comes back").isNull();
    assertThat(store.log).isEmpty();
    queue.ring();
    assertThat(host.root.interrupts().vectors()).hasSize(1);
    queue = host.start();
    assertThat(host.run(queue, 4, 0)).isZero();
    store.log.clear();
  }

  private Part page() {
    return Host.in(host.allocate(4096), 4096);
  }

  @Test
  void headsAndLinksThatAreNoDescriptors() {
    offered(16);
    isBroken();
    host.root.interrupts().clear();
    queue.descriptor(3, page().address(), 16, 1, 16);
    offered(3);
    isBroken();
  }

  @Test
  void chainsThatLoop() {
    queue.descriptor(0, page().address(), 16, 1, 1);
    queue.descriptor(1, page().address(), 16, 1, 0);
    offered(0);
    isBroken();
  }

  @Test
  void tablesThatLoop() {
    long table = host.allocate(4096);
    host.putDescriptor(table, page().address(), 16, 1, 1);
    host.putDescriptor(table + 16, page().address(), 16, 1, 1);
    queue.descriptor(0, table, 32, 4, 0);
    offered(0);
    isBroken();
  }

  @Test
  void tablesThatLeadOutOfThemselves() {
    long table = host.allocate(4096);
    host.putDescriptor(table, page().address(), 16, 1, 2);
    queue.descriptor(0, table, 32, 4, 0);
    offered(0);
    isBroken();
  }

  @Test
  void tablesInTables() {
    long table = host.allocate(4096);
    host.putDescriptor(table, table, 16, 4, 0);
    queue.descriptor(0, table, 16, 4, 0);
    offered(0);
    isBroken();
  }

  @Test
  void tablesOfImpossibleLengths() {
    for (long bytes : new long[] {0, 8, 17, 0xFFFF_FFF0L, 1025 * 16}) {
      host.root.interrupts().clear();
      queue.descriptor(0, page().address(), bytes, 4, 0);
      offered(0);
      isBroken();
    }
  }

  @Test
  void aTableWithSomethingBehindIt() {
    queue.descriptor(0, page().address(), 16, 4 | 1, 1);
    offered(0);
    isBroken();
  }

  @Test
  void aTableThatWasNotAgreedOn() {
    queue = host.start(Host.FLUSH);
    host.root.interrupts().clear();
    offered(queue.indirect(host.header(4, 0), host.status(0)));
    isBroken();
  }

  @Test
  void whatIsReadBehindWhatIsWritten() {
    offered(queue.indirect(host.header(0, 0), page(), Host.out(page().address(), 16)));
    isBroken();
  }

  @Test
  void chainsWithoutHeaderOrStatus() {
    offered(queue.indirect(Host.out(page().address(), 15), host.status(0)));
    isBroken();
    host.root.interrupts().clear();
    offered(queue.indirect(host.header(4, 0)));
    isBroken();
    host.root.interrupts().clear();
    offered(queue.indirect(host.header(4, 0), Host.in(page().address(), 0)));
    isBroken();
  }

  @Test
  void moreAvailableThanThereArePlaces() {
    host.putShort(queue.avail + 2, 17);
    queue.ring();
    isBroken();
    host.root.interrupts().clear();
    host.putShort(queue.avail + 2, 0xFFFF);
    queue.ring();
    isBroken();
  }

  @Test
  void aQueueThatIsNotEnabled() {
    host.root.write(0, 0x3000 + 4, 2, 1);
    isBroken();
    host.root.write(0, 0x3FF0, 2, 1); // behind the queues there is nothing
    assertThat(host.needsReset()).isFalse();
  }

  @Test
  void segmentsOf4GiB() {
    long address = page().address();
    for (long bytes : new long[] {0xFFFF_FFFFL, 0xFFFF_FE00L}) {
      assertThat(host.run(queue, 0, 0, Host.in(address, bytes))).isEqualTo(1);
      assertThat(host.run(queue, 1, 0, Host.out(address, bytes))).isEqualTo(1);
    }
    assertThat(store.log).isEmpty();
    assertThat(host.needsReset()).isFalse();
  }

  @Test
  void segmentsOfNothing() {
    Part data = page();
    Part nothing = new Part(0x7000_0000_0000L, 0, true);
    Part sector = Host.in(data.address(), 512);
    assertThat(host.run(queue, 0, 0, nothing, sector, nothing, nothing)).isZero();
    assertThat(host.run(queue, 0, 0, nothing)).isZero();
    assertThat(store.log).containsExactly("read 0+512");
    assertThat(host.needsReset()).isFalse();
  }

  @Test
  void ringsAndDescriptorsWhereThereIsNoMemory() {
    host.begin(Host.VERSION_1);
    host.reg(0x16, 2, 0);
    host.reg(0x18, 2, 16);
    host.reg(0x2C, 4, 0x7000);
    host.reg(0x1C, 2, 1);
    host.ready();
    host.reg(0x3000, 2, 0);
    isBroken();
    host.root.interrupts().clear();
    queue.descriptor(0, 0x7000_0000_0000L, 16, 4, 0);
    offered(0);
    isBroken();
  }

  @Test
  void whatWasUnderWayIsNotReturned() {
    store.holding = true;
    Part buffer = page();
    offered(queue.indirect(host.header(0, 0), buffer, host.status(0xEE)));
    assertThat(store.held()).isEqualTo(1);
    offered(99);
    assertThat(host.needsReset()).isTrue();
    store.log.clear();
    store.release(false);
    store.holding = false;
    host.root.run();
    assertThat(host.bytes(buffer)).containsOnly(0);
    isBroken();
  }

  @Test
  void aResetWaitsForTheStore() {
    store.holding = true;
    offered(queue.indirect(host.header(1, 0), Host.out(page().address(), 512), host.status(0)));
    host.reg(0x14, 1, 0);
    assertThat(host.status()).as("not yet").isEqualTo(15);
    host.reg(0x14, 1, 1);
    host.reg(0x18, 2, 4);
    assertThat(host.status()).as("nothing is heard meanwhile").isEqualTo(15);
    store.release(false);
    store.holding = false;
    host.root.run();
    assertThat(host.status()).isZero();
    assertThat(host.reg(0x18, 2)).isEqualTo(64);
    assertThat(queue.take()).isNull();
    assertThat(host.run(host.start(), 4, 0)).isZero();
  }

  @Test
  void aResetWaitsForReadsThatAreUnderWay() {
    host.root.holdReads(true);
    queue.offer(queue.indirect(host.header(4, 0), host.status(0)));
    queue.ring();
    host.reg(0x14, 1, 0);
    assertThat(host.status()).isEqualTo(15);
    host.root.holdReads(false);
    host.root.releaseReads(false);
    assertThat(host.status()).isZero();
    assertThat(host.run(host.start(), 4, 0)).isZero();
  }

  @Test
  void aFunctionLevelResetDoesNotWaitForTheServer() {
    host.root.holdReads(true);
    queue.offer(queue.indirect(host.header(4, 0), host.status(0)));
    queue.ring();
    host.root.flr();
    host.root.setUp();
    assertThat(host.status()).isZero();
    host.root.holdReads(false);
    host.root.releaseReads(false);
    host.root.enableMsix();
    assertThat(host.run(host.start(), 4, 0)).isZero();
  }

  @Test
  void notificationsThatComeTooEarlyAreRemembered() {
    host.begin(Host.VERSION_1 | Host.INDIRECT);
    queue = host.queue(0, 16, 1);
    queue.offer(queue.indirect(host.header(4, 0), host.status(0)));
    queue.ring();
    assertThat(queue.take()).isNull();
    host.ready();
    assertThat(queue.take()).isNotNull();
  }

  @Test
  void descriptorsThatCannotBeReadOnceOnly() {
    host.root.answerReads(CompletionStatus.UR);
    offered(queue.indirect(host.header(4, 0), host.status(0)));
    host.root.answerReads(CompletionStatus.SC);
    isBroken();
  }

  @Test
  void levelInterruptsAreAcknowledgedByTheIsr() {
    Host other = new Host(Host.levelRoot(store), Host.RAM, Host.RAM_BYTES);
    Queue level = other.start();
    assertThat(other.run(level, 4, 0)).isZero();
    assertThat(other.root.interrupts().intxAsserted()).isTrue();
    assertThat(other.reg(0x1000, 1)).isEqualTo(1);
    assertThat(other.root.interrupts().intxAsserted()).isFalse();
    assertThat(other.reg(0x1000, 1)).isZero();
    level.offer(99);
    level.ring();
    assertThat(other.reg(0x1000, 1)).isEqualTo(2);
    assertThat(other.root.interrupts().intxAsserted()).isFalse();
  }
}
