package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;

/**
 * One rail as its session sees it: when something went and came, the round trip by echoed time
 * stamps, and the header fields that are told anew with every frame.
 */
final class RailClock {
  private static final long SAMPLE_NS_MAX = 60_000_000_000L;

  /** How long the shortest round trip is remembered, at least; at most twice as long. */
  private static final long LEAST_NS = 30_000_000_000L;

  final Rail rail;
  final long sinceNs;
  long sentNs;
  long receivedNs;
  boolean writable = true;
  private final Crc32c crc = new Crc32c();
  private boolean heard;
  private int peerTime;
  private long peerTimeNs;
  private long lastTripNs;
  private long roundTripNs;
  private long roundTripNsSpread;
  private long roundTripNsLeast = Long.MAX_VALUE;
  private long leastSinceNs;
  private long lastLeastNs = Long.MAX_VALUE;
  private long bytesReceived;
  private long answeredNs = Long.MIN_VALUE;

  RailClock(Rail rail, long nowNs) {
    this.rail = rail;
    sinceNs = sentNs = receivedNs = nowNs;
  }

  /** Fills in what changes each time that a frame is sent; the last thing before it goes. */
  void stamp(
      MemorySegment segment, long at, int frameBytes, int flags, int ack, int sack, long nowNs) {
    int echoDelay = heard ? units(nowNs - peerTimeNs) : 0;
    int allFlags =
        flags | (heard ? FrameFormat.FLAG_ECHO : 0) | (rail.reliable() ? 0 : FrameFormat.FLAG_CRC);
    FrameEncoder.acknowledge(segment, at, allFlags, ack, sack);
    FrameEncoder.times(segment, at, units(nowNs), heard ? peerTime : 0, echoDelay);
    int sum = rail.reliable() ? 0 : crc.ofFrame(segment, at, frameBytes);
    BigEndian.i32(segment, at + FrameFormat.CRC_AT, sum);
  }

  /** A good frame has come. */
  void received(FrameView frame, long nowNs) {
    receivedNs = nowNs;
    heard = true;
    bytesReceived += frame.frameBytes();
    peerTime = frame.txTime();
    peerTimeNs = nowNs;
    if ((frame.flags() & FrameFormat.FLAG_ECHO) != 0) {
      answeredNs = Math.max(answeredNs, answeredNs(frame, nowNs));
      long sample =
          Integer.toUnsignedLong(units(nowNs) - frame.echoTime() - frame.echoDelay())
              << FrameFormat.TIME_SHIFT;
      // What a confused or lying peer echoes must not become a timer of ours.
      if (sample < SAMPLE_NS_MAX) {
        sample(sample, nowNs);
      }
    }
  }

  /**
   * When the frame was sent that this one answers, rounded down by up to 15 ns; {@link
   * Long#MIN_VALUE} if it answers none.
   */
  long answeredNs(FrameView frame, long nowNs) {
    if ((frame.flags() & FrameFormat.FLAG_ECHO) == 0) {
      return Long.MIN_VALUE;
    }
    long agoNs = Integer.toUnsignedLong(units(nowNs) - frame.echoTime()) << FrameFormat.TIME_SHIFT;
    return (nowNs >>> FrameFormat.TIME_SHIFT << FrameFormat.TIME_SHIFT) - agoNs;
  }

  /** The latest time of what was sent here and has been answered, as {@link #answeredNs} has it. */
  long answeredNs() {
    return answeredNs;
  }

  /** RFC 6298, section 2. */
  private void sample(long ns, long nowNs) {
    lastTripNs = ns;
    if (roundTripNsLeast == Long.MAX_VALUE) {
      roundTripNs = ns;
      roundTripNsSpread = ns / 2;
    } else {
      roundTripNsSpread += (Math.abs(ns - roundTripNs) - roundTripNsSpread) / 4;
      roundTripNs += (ns - roundTripNs) / 8;
    }
    if (nowNs - leastSinceNs > LEAST_NS) {
      leastSinceNs = nowNs;
      lastLeastNs = roundTripNsLeast;
      roundTripNsLeast = ns;
    }
    roundTripNsLeast = Math.min(roundTripNsLeast, ns);
  }

  /** The last round trip measured, 0 before the first. */
  long lastTripNs() {
    return lastTripNs;
  }

  /** The round trip, smoothed, without what the peer holds back; 0 before the first is measured. */
  long roundTripNs() {
    return roundTripNs;
  }

  /** By how much it varies. */
  long roundTripNsSpread() {
    return roundTripNsSpread;
  }

  /** The shortest round trip of the last minute or so; 0 before the first. */
  long roundTripNsLeast() {
    long least = Math.min(roundTripNsLeast, lastLeastNs);
    return least == Long.MAX_VALUE ? 0 : least;
  }

  /** All good frames. */
  long bytesReceived() {
    return bytesReceived;
  }

  private static int units(long ns) {
    return (int) (ns >>> FrameFormat.TIME_SHIFT);
  }
}
