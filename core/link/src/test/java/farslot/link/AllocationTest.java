package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import farslot.chance.Fuzz;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steady traffic allocates nothing at either end. */
class AllocationTest {
  /** Requests in a round. */
  private static final int REQUESTS = 2_000;

  /** What the virtual machine itself may allocate on this thread in a round, bytes. */
  private static final long NOISE_BYTES = 4_096;

  private static final FunctionIdentity IDENTITY = new FunctionIdentity(1, 2, 3, 4, 5, 6, 7);

  /** Answers reads of 4 KiB, and writes back what is written. */
  private static final class Card implements TlpIn {
    private final TlpView view = new TlpView();
    LinkStream stream;
    int pushes;

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      view.wrap(segment, offset, tlpBytes);
      long event = stream.claimEvent(0, 0x1C, pushes, 8);
      if (event >= 0) {
        stream.segment().set(ValueLayout.JAVA_LONG_UNALIGNED, event, 1);
        stream.commit();
      }
      if (view.flowClass() == FlowClass.NON_POSTED) {
        long at = stream.claim(FlowClass.COMPLETION, 12 + 4096, 4096);
        TlpEncoder.completionWithData(stream.segment(), at, 0, 0, view.tag(), 4096, 0, 4096);
      } else {
        long at = stream.claim(FlowClass.POSTED, tlpBytes, view.dataBytes());
        MemorySegment.copy(segment, offset, stream.segment(), at, tlpBytes);
      }
      stream.commit();
    }

    @Override
    public void onRoom() {}

    @Override
    public void onHotReset() {}

    @Override
    public void onPush(
        long address, MemorySegment segment, long offset, int bytes, boolean steady) {
      pushes++;
    }

    @Override
    public void onDown() {}
  }

  /** Asks for something again whenever something comes. */
  private static final class Host implements TlpIn, AttachListener {
    LinkStream stream;
    int answers;

    void ask() {
      along();
      boolean read = (answers & 1) == 0;
      int bytes = read ? 16 : 16 + 512;
      long at = stream.claim(read ? FlowClass.NON_POSTED : FlowClass.POSTED, bytes, read ? 0 : 512);
      if (read) {
        TlpEncoder.memoryRead(stream.segment(), at, 0, answers & 0xFF, 1L << 40, 4096);
      } else {
        TlpEncoder.memoryWrite(stream.segment(), at, 0, 1L << 40, 512);
      }
      stream.commit();
    }

    /** A page and a few bytes of memory; taken back now and then. */
    private void along() {
      if (answers % 7 == 0) {
        stream.revoke();
      }
      for (int bytes = 64; bytes <= 4096; bytes += 4096 - 64) {
        long at = stream.claimPush(0x10000L * answers, bytes, bytes > 64);
        if (at >= 0) {
          stream.segment().set(ValueLayout.JAVA_BYTE, at, (byte) 1);
          stream.commit();
        }
      }
    }

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      answers++;
      ask();
    }

    @Override
    public void onRoom() {}

    @Override
    public void onHotReset() {}

    @Override
    public void onDown() {}

    @Override
    public void onAttached(LinkStream stream, FunctionIdentity identity) {
      this.stream = stream;
    }

    @Override
    public void onRefused(AttachRefusal code, String holder, String text) {
      throw new AssertionError(text);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 16640, false", "true, 1500, false", "false, 1500, false", "true, 16640, true"})
  void steadyTrafficAllocatesNothing(boolean reliable, int frameBytesMax, boolean shaped) {
    LinkSizes sizes = LinkSizes.USUAL.withFrameBytesMax(frameBytesMax);
    Lab lab =
        new Lab(
            Fuzz.seed(),
            LinkConfig.of("server-1", 11).with(sizes),
            LinkConfig.of("appliance-1", 22).with(sizes));
    lab.reliable = reliable;
    Card card = new Card();
    Host host = new Host();
    lab.handler = r -> card.stream = r.accept(card, 1, Credits.DEFAULT, IDENTITY);
    lab.up();
    lab.initiator.attach("disk", 0, Credits.DEFAULT, host, host);
    lab.run(Lab.MS);
    lab.run(10 * Lab.MS);
    if (shaped) {
      card.stream.qos(new Qos(Qos.RATE_MAX, Qos.RATE_MAX, Qos.BURST_MAX, 7));
      host.stream.qos(new Qos(0, Qos.RATE_MAX, Qos.BURST_MAX, 7));
    }
    for (int i = 0; i < 8; i++) {
      host.ask();
    }
    // The virtual machine allocates by itself while it warms up; some round must be free of it.
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 30 && least > NOISE_BYTES; round++) {
      least = Math.min(least, allocatedInRound(lab, host));
    }
    assertThat(card.pushes).as("pushes").isGreaterThan(REQUESTS);
    assertThat(least).as("bytes for %d exchanges", REQUESTS).isLessThanOrEqualTo(NOISE_BYTES);
  }

  private static long allocatedInRound(Lab lab, Host host) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    MemoryWire wire = lab.wire();
    int end = host.answers + REQUESTS;
    long before = threads.getCurrentThreadAllocatedBytes();
    while (host.answers < end) {
      lab.nowNs += 20_000;
      wire.deliver(lab.nowNs);
      if (lab.nowNs >= lab.initiator.deadlineNs()) {
        lab.initiator.onTimer(lab.nowNs);
      }
      if (lab.nowNs >= lab.acceptor.deadlineNs()) {
        lab.acceptor.onTimer(lab.nowNs);
      }
      lab.initiator.flush(lab.nowNs);
      lab.acceptor.flush(lab.nowNs);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
