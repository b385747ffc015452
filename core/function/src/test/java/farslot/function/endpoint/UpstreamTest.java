package farslot.function.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpOut;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Order and parking of what leaves a function. */
class UpstreamTest {
  private static final int MWR = 0x40;
  private static final int MSG = 0x34;
  private static final int CPL = 0x0A;
  private static final int MRD = 0x00;

  private final List<String> sent = new ArrayList<>();
  private final Set<FlowClass> full = EnumSet.noneOf(FlowClass.class);
  private final EndpointCounters counters = new EndpointCounters();
  private int overflows;
  private final Upstream upstream =
      new Upstream(
          counters, new PushedBytes(new TestAgent(), counters, 0), 64 << 10, () -> overflows++);

  /** Notes the type and the number in byte 4 of each TLP. */
  private final class Out implements TlpOut {
    private final MemorySegment segment = MemorySegment.ofArray(new byte[8192]);

    @Override
    public long claim(FlowClass flow, int tlpBytes, int dataBytes) {
      return full.contains(flow) ? -1 : 8;
    }

    @Override
    public MemorySegment segment() {
      return segment;
    }

    @Override
    public void commit() {
      int type = segment.get(ValueLayout.JAVA_BYTE, 8);
      sent.add(Integer.toHexString(type) + ":" + segment.get(ValueLayout.JAVA_BYTE, 12));
    }
  }

  private void put(long at, int type, int number) {
    upstream.segment().set(ValueLayout.JAVA_BYTE, at, (byte) type);
    upstream.segment().set(ValueLayout.JAVA_BYTE, at + 4, (byte) number);
    upstream.commit();
  }

  private void posted(int type, int number) {
    put(upstream.claimPosted(16, 4), type, number);
  }

  private void completion(int number) {
    put(upstream.claimCompletion(12, 0), CPL, number);
  }

  private boolean read(int number, long barrier) {
    long at = upstream.claimNonPosted(12, 0, barrier);
    if (at >= 0) {
      put(at, MRD, number);
    }
    return at >= 0;
  }

  @Test
  void nothingPassesPostedRequestsThatWereThereBefore() {
    upstream.connect(new Out());
    full.add(FlowClass.POSTED);
    long before = upstream.barrier();
    posted(MWR, 1);
    completion(2);
    assertThat(read(3, upstream.barrier())).isFalse();
    assertThat(read(4, before)).as("older than the write").isTrue();
    posted(MWR, 5);
    full.clear();
    upstream.drain();
    assertThat(read(6, upstream.barrier())).isTrue();
    assertThat(sent).containsExactly("0:4", "40:1", "40:5", "a:2", "0:6");
  }

  @Test
  void postedRequestsPassCompletionsThatHaveNoRoom() {
    upstream.connect(new Out());
    full.add(FlowClass.COMPLETION);
    completion(1);
    posted(MWR, 2);
    completion(3);
    upstream.drain();
    assertThat(sent).containsExactly("40:2");
    full.clear();
    upstream.drain();
    assertThat(sent).containsExactly("40:2", "a:1", "a:3");
  }

  @Test
  void flrForgetsWritesButMessagesAndCompletionsAreOwed() {
    upstream.connect(new Out());
    full.add(FlowClass.POSTED);
    posted(MSG, 1);
    posted(MWR, 2);
    posted(MSG, 3);
    completion(4);
    upstream.forgetWrites();
    upstream.dropWrites(true);
    upstream.dropWrites(false);
    posted(MWR, 5);
    full.clear();
    upstream.drain();
    assertThat(sent).containsExactly("34:1", "34:3", "40:5", "a:4");
  }

  @Test
  void hotResetForgetsAll() {
    upstream.connect(new Out());
    full.add(FlowClass.POSTED);
    posted(MSG, 1);
    completion(2);
    upstream.forgetAll();
    full.clear();
    upstream.drain();
    completion(3);
    assertThat(sent).containsExactly("a:3");
  }

  @Test
  void afterSomethingWasLostNothingFollows() {
    upstream.connect(new Out());
    full.add(FlowClass.POSTED);
    int taken = 0;
    while (upstream.claimPosted(4112, 4096) >= 0) {
      upstream.commit();
      taken++;
    }
    assertThat(taken).isEqualTo(15);
    assertThat(overflows).isEqualTo(1);
    full.clear();
    upstream.drain();
    assertThat(sent).hasSize(taken);
    assertThat(upstream.claimPosted(16, 4)).isEqualTo(-1);
    upstream.forgetAll();
    posted(MWR, 1);
    assertThat(sent).endsWith("40:1");
  }

  @Test
  void withoutAServerEverythingIsDropped() {
    assertThat(upstream.claimPosted(16, 4)).isEqualTo(-1);
    assertThat(upstream.claimCompletion(12, 0)).isEqualTo(-1);
    assertThat(upstream.claimNonPosted(12, 0, 0)).isEqualTo(-1);
    upstream.drain();
    assertThat(overflows).isZero();
  }
}
