package farslot.bench;

import com.sun.management.ThreadMXBean;
import farslot.link.LinkSession;
import java.lang.management.ManagementFactory;
import java.util.Map;

/**
 * What the data threads have allocated, and what went over the wire, since it was last looked at.
 */
final class Meter {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Thread[] threads;
  private final LinkSession session;
  private long allocated;
  private long tlps;
  private long frames;
  private long processor;

  /**
   * @param session of the initiator; its counters are read while it runs, which may be a moment old
   */
  Meter(LinkSession session, Thread... threads) {
    this.session = session;
    this.threads = threads;
    mark();
  }

  void mark() {
    allocated = allocatedNow();
    Map<String, Long> now = session.counters().snapshot();
    tlps = tlps(now);
    frames = frames(now);
    processor = processorNs(threads);
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

  /** Processor time that the data threads have used since the mark, nanoseconds. */
  long processorNs() {
    return processorNs(threads) - processor;
  }

  /** Bytes allocated on the data threads since the mark. */
  long allocatedBytes() {
    return allocatedNow() - allocated;
  }

  /** TLPs in both directions since the mark. */
  long tlps() {
    return tlps(session.counters().snapshot()) - tlps;
  }

  /** Frames with TLPs that the initiator sent since the mark. */
  long frames() {
    return frames(session.counters().snapshot()) - frames;
  }
}
