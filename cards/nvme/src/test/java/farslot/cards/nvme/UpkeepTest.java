package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.BlockStore;
import farslot.function.Upkeep.Sanitise;
import farslot.testkit.TestStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A drive between two servers. */
class UpkeepTest {
  private final TestStore first = new TestStore(1 << 20);
  private final TestStore second = new TestStore(1 << 20);
  private final Host host = new Host(first, second);
  private final List<String> ends = new ArrayList<>();
  private long page;

  @BeforeEach
  void enable() {
    host.enable().pair(1, 64);
    page = host.allocate(4096);
    Arrays.fill(first.data, (byte) 1);
    Arrays.fill(second.data, (byte) 2);
  }

  private void sanitise(Sanitise how) {
    host.card.sanitise(how, ends::add);
    host.root.run();
  }

  @Test
  void aFormatDestroysWhatServersCouldWriteOnStableMedia() {
    second.readOnly = true;
    host.root.surpriseRemove();
    sanitise(Sanitise.FORMAT);
    assertThat(ends).containsExactly("");
    assertThat(first.data).containsOnly(0);
    assertThat(first.log).containsExactly("deallocate 0+1048576", "flush");
    assertThat(second.data).as("nobody wrote there").containsOnly(2);
    assertThat(second.log).isEmpty();
  }

  /** The write of the last server is with its disk; it must not land on the next one's zeroes. */
  @Test
  void aFormatWaitsForWhatTheLastServerHadBegun() {
    first.holding = true;
    host.put(1, host.io(1, 1, 0, 1, page, 512));
    host.ring(1);
    host.root.surpriseRemove();
    sanitise(Sanitise.FORMAT);
    assertThat(first.log).containsExactly("write 0+512");
    assertThat(ends).isEmpty();
    first.holding = false;
    first.release(false);
    host.root.run();
    assertThat(ends).containsExactly("");
    assertThat(first.data).containsOnly(0);
    assertThat(first.log).containsExactly("write 0+512", "deallocate 0+1048576", "flush");
  }

  @Test
  void aFormatThatFailsIsNotDone() {
    host.root.surpriseRemove();
    second.next = BlockStore.Status.WRITE_ERROR;
    sanitise(Sanitise.FORMAT);
    assertThat(ends).hasSize(1);
    assertThat(ends.getFirst()).contains("WRITE_ERROR", "store 2 of 2");
    second.next = BlockStore.Status.OK;
    sanitise(Sanitise.FORMAT);
    assertThat(ends.getLast()).isEmpty();
    assertThat(second.data).containsOnly(0);
  }

  @Test
  void anIdentityIsGivenAndTakenBackAndDataStay() {
    host.root.surpriseRemove();
    assertThat(host.card.identify(Map.of("serial", "GIVEN1"))).isEmpty();
    assertThat(host.card.identity()).containsEntry("serial", "GIVEN1");
    assertThat(host.card).hasToString("nvme GIVEN1");
    host.root.connect();
    host.root.enumerate();
    host.root.enableMsix();
    host.enable();
    byte[] found = Arrays.copyOfRange(host.identify(1, 0), 4, 24);
    assertThat(new String(found, StandardCharsets.US_ASCII).strip()).isEqualTo("GIVEN1");
    host.root.surpriseRemove();
    sanitise(Sanitise.IDENTITY);
    assertThat(ends).containsExactly("");
    assertThat(host.card.identity()).containsEntry("serial", "TEST0001");
    assertThat(first.data).containsOnly(1);
  }

  @Test
  void tellsWhatItIsAndHasDone() {
    assertThat(host.card.capacityBytes()).isEqualTo(2 << 20);
    assertThat(host.card.operations()).isZero();
    assertThat(host.run(1, host.io(1, 1, 0, 1, page, 512)).code()).isZero();
    assertThat(host.run(1, host.io(2, 1, 0, 1, page, 512)).code()).isZero();
    assertThat(host.card.operations()).isEqualTo(2);
  }
}
