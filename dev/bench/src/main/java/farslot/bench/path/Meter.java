package farslot.bench.path;

import com.sun.management.ThreadMXBean;
import farslot.link.LinkSession;
import java.lang.management.ManagementFactory;
import java.util.Map;

/**
 * What the data threads have used, and what went over the wire, between {@link #mark} and {@link
 * #stop}.
 */
final class Meter {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Thread[] threads;
  private final LinkSession session;
  private Counts before;
  private Counts after;

  private record Counts(long allocated, long tlps, long frames, long processorNs) {}

  /**
   * @param session of the initiator; its counters are read while it runs, which may be a moment old
   */
  Meter(LinkSession session, Thread... threads) {
    this.session = session;
    this.threads = threads;
    mark();
  }

  /** What comes now counts. */
  void mark() {
    before = now();
    after = before;
  }

  /** What comes now does not. */
  void stop() {
    after = now();
  }

  private Counts now() {
    Map<String, Long> now = session.counters().snapshot();
    return new Counts(allocatedNow(), tlps(now), frames(now), processorNs(threads));
  }

  private long allocatedNow() {
    long sum = 0;
    for (Thread thread : threads) {
      sum += THREADS.getThreadAllocatedBytes(thread.threadId());
    }
    return sum;
  }

  private static long tlps(Map<String, Long> counters) {
    return counters.get("tlps_sent") + counters.get("tlps_received");
  }

  /** Frames that the initiator sent and that were not mere acknowledgements. */
  private static long frames(Map<String, Long> counters) {
    return counters.get("frames_sent") - counters.get("acks_sent");
  }

  /** Processor time that these threads have used, nanoseconds. */
  static long processorNs(Thread... threads) {
    long sum = 0;
    for (Thread thread : threads) {
      sum += THREADS.getThreadCpuTime(thread.threadId());
    }
    return sum;
  }

  /** Processor time that the data threads have used, nanoseconds. */
  long processorNs() {
    return after.processorNs - before.processorNs;
  }

  /** Bytes allocated on the data threads. */
  long allocatedBytes() {
    return after.allocated - before.allocated;
  }

  /** TLPs in both directions. */
  long tlps() {
    return after.tlps - before.tlps;
  }

  /** Frames with TLPs that the initiator sent. */
  long frames() {
    return after.frames - before.frames;
  }
}
