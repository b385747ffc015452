package farslot.cards.nic82599.bridge;

import java.util.LinkedHashMap;
import java.util.Map;

/** What was counted at one port, seen from the function: sent by it, received by it. */
final class PortCounts {
  private static final Drop[] DROPS = Drop.values();

  private long framesSent;
  private long bytesSent;
  private long framesReceived;
  private long bytesReceived;
  private final long[] drops = new long[DROPS.length];

  void sent(int bytes) {
    framesSent++;
    bytesSent += bytes;
  }

  void received(int bytes) {
    framesReceived++;
    bytesReceived += bytes;
  }

  void dropped(Drop why) {
    drops[why.ordinal()]++;
  }

  long frames() {
    return framesSent + framesReceived;
  }

  long dropped() {
    long sum = 0;
    for (long each : drops) {
      sum += each;
    }
    return sum;
  }

  long count(Drop why) {
    return drops[why.ordinal()];
  }

  /** By name, without zeroes. */
  Map<String, Long> nonZero() {
    Map<String, Long> counts = new LinkedHashMap<>();
    put(counts, "frames sent", framesSent);
    put(counts, "bytes sent", bytesSent);
    put(counts, "frames received", framesReceived);
    put(counts, "bytes received", bytesReceived);
    for (Drop each : DROPS) {
      put(counts, "dropped: " + each.words(), drops[each.ordinal()]);
    }
    return counts;
  }

  private static void put(Map<String, Long> counts, String name, long value) {
    if (value != 0) {
      counts.put(name, value);
    }
  }
}
