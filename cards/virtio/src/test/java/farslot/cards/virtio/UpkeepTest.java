package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.Upkeep.Sanitise;
import farslot.function.endpoint.EndpointOptions;
import farslot.testkit.FakeRootComplex;
import farslot.testkit.TestStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A disk between two servers. */
class UpkeepTest {
  private final TestStore store = new TestStore(1 << 20);
  private final VirtioBlkFunction card = Host.card(Map.of(), store);
  private final FakeRootComplex root = new FakeRootComplex(card, EndpointOptions.DEFAULT, 1);
  private final List<String> ends = new ArrayList<>();
  private Host host;
  private Host.Queue queue;

  @BeforeEach
  void start() {
    Arrays.fill(store.data, (byte) 1);
    root.memory().map(Host.RAM, Host.RAM_BYTES);
    restart();
  }

  private void restart() {
    root.enumerate();
    root.enableMsix();
    host = new Host(root, Host.RAM, Host.RAM_BYTES);
    queue = host.start();
  }

  private void sanitise(Sanitise how) {
    card.sanitise(how, ends::add);
    root.run();
  }

  @Test
  void aFormatWaitsForWhatTheLastServerHadBegun() {
    store.holding = true;
    queue.offer(
        queue.chain(host.header(1, 0), Host.out(host.allocate(512), 512), host.status(0xEE)));
    queue.ring();
    root.surpriseRemove();
    sanitise(Sanitise.FORMAT);
    assertThat(store.log).hasSize(1);
    assertThat(ends).isEmpty();
    store.holding = false;
    store.release(false);
    root.run();
    assertThat(ends).containsExactly("");
    assertThat(store.log.subList(1, 3)).containsExactly("deallocate 0+1048576", "flush");
    assertThat(store.data).containsOnly(0);
    assertThat(card.operations()).isZero();
  }

  @Test
  void anIdentityIsGivenAndTakenBackAndDataStay() {
    root.surpriseRemove();
    assertThat(card.identify(Map.of("serial", "GIVEN1"))).isEmpty();
    root.connect();
    restart();
    Host.Part id = Host.in(host.allocate(20), 20);
    assertThat(host.run(queue, 8, 0, id)).isZero();
    assertThat(new String(host.bytes(id), 0, 7)).isEqualTo("GIVEN1\0");
    assertThat(card.operations()).isEqualTo(1);
    root.surpriseRemove();
    sanitise(Sanitise.IDENTITY);
    assertThat(ends).containsExactly("");
    assertThat(card.identity()).containsEntry("serial", "TEST0001");
    assertThat(store.data).containsOnly(1);
    assertThat(card.capacityBytes()).isEqualTo(1 << 20);
  }
}
