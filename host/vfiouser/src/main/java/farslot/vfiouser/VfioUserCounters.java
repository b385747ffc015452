package farslot.vfiouser;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** What a server has counted since it began. Written by its loop, read by any thread. */
public final class VfioUserCounters {
  /** What is counted. */
  public enum Counter {
    SESSIONS,
    /** Sessions that ended because of what the client sent. */
    SESSIONS_BROKEN,
    REQUESTS,
    REGION_READS,
    REGION_WRITES,
    /** Doorbells taken from mapped memory. */
    DOORBELLS,
    /** Requests answered with an errno. */
    REFUSALS,
    DMA_MAPS,
    DMA_UNMAPS,
    /** Replies to DMA_READ or DMA_WRITE that nobody waited for any more. */
    DMA_REPLIES_STRAY,
    INTERRUPTS,
    /** Interrupts for vectors that nobody listened to. */
    INTERRUPTS_UNHEARD,
    /** Accesses answered at the deadline, not by the card. */
    OVERDUE
  }

  private final AtomicLongArray counts = new AtomicLongArray(Counter.values().length);

  VfioUserCounters() {}

  /** One of them. */
  public long get(Counter counter) {
    return counts.get(counter.ordinal());
  }

  /** All of them, each current by itself. */
  public Map<Counter, Long> snapshot() {
    Map<Counter, Long> result = new EnumMap<>(Counter.class);
    for (Counter each : Counter.values()) {
      result.put(each, get(each));
    }
    return result;
  }

  void add(Counter counter, long more) {
    int index = counter.ordinal();
    counts.lazySet(index, counts.getPlain(index) + more);
  }

  void count(Counter counter) {
    add(counter, 1);
  }
}
