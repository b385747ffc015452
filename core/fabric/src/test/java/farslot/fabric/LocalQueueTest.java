package farslot.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalQueueTest {
  private static final int BYTES = 12 + 4096;

  private final ManualAgent agent = new ManualAgent();
  private final List<String> seen = new ArrayList<>();
  private final LocalQueue queue = new LocalQueue(agent, () -> seen.add("room"), new Receiver());
  private boolean closeAtNext;

  private final class Receiver implements TlpIn {
    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      TlpView view = new TlpView().wrap(segment, offset, tlpBytes);
      seen.add("%x %d".formatted(view.address(), tlpBytes));
      if (closeAtNext) {
        queue.close();
      }
    }

    @Override
    public void onRoom() {
      throw new AssertionError();
    }

    @Override
    public void onHotReset() {
      seen.add("reset");
    }

    @Override
    public void onDown() {
      throw new AssertionError();
    }
  }

  private boolean send(long address) {
    long at = queue.claim(FlowClass.POSTED, BYTES, 4096);
    if (at < 0) {
      return false;
    }
    TlpEncoder.memoryWrite(queue.segment(), at, 0, address, 4096);
    queue.commit();
    return true;
  }

  @Test
  void deliversLaterAndInOrder() {
    send(0x1000);
    queue.hotReset();
    send(0x2000);
    assertThat(seen).isEmpty();
    agent.runTasks();
    assertThat(seen).containsExactly("1000 4108", "reset", "2000 4108");
  }

  @Test
  void isBoundedAndSaysWhenThereIsRoom() {
    int sent = 0;
    while (send(0x1000L * sent)) {
      sent++;
    }
    assertThat(sent).isBetween(200, 256);
    agent.runTasks();
    assertThat(seen).hasSize(sent + 1).endsWith("room");
    for (int i = 0; i < 1000; i++) {
      assertThat(send(0x1000)).isTrue();
      agent.runTasks();
    }
  }

  @Test
  void aResetAlwaysGoesThrough() {
    while (send(0)) {
      // Until it is full,
    }
    for (long at = queue.claim(FlowClass.POSTED, 16, 4); at >= 0; ) {
      TlpEncoder.memoryWrite(queue.segment(), at, 0, 0, 4);
      queue.commit();
      at = queue.claim(FlowClass.POSTED, 16, 4);
    }
    queue.hotReset(); // and not even a second one of these fits.
    queue.hotReset();
    agent.runTasks();
    assertThat(seen).containsExactly("reset", "room");
  }

  @Test
  void mayBeClosedByWhatItDelivers() {
    send(0x1000);
    send(0x2000);
    closeAtNext = true;
    agent.runTasks();
    assertThat(seen).containsExactly("1000 4108");
    assertThat(send(0x3000)).isFalse();
    agent.runTasks();
    assertThat(seen).hasSize(1);
  }
}
