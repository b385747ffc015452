package farslot.link;

import farslot.pcie.BigEndian;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a session's frames on its rails: new ones, those that were lost, and acknowledgements
 * (docs/spec/pcieoe.md, section 6). A frame goes over the rail with the shortest round trip that
 * still has room; so a rail gets as much as it takes.
 */
final class Transmitter {
  /** Most bytes offered to a lone rail at once. */
  private static final int RUN_BYTES_MAX = 1 << 18;

  /** With several rails: so much stays together. */
  private static final int SHARE_BYTES_MAX = 1 << 16;

  private final SessionTerms terms;
  private final int sessionId;
  private final LinkCounters counters;
  private final ReplayRing ring;
  private final SentFrames frames;
  private final ReorderBuffer reorder;
  private final List<SessionRail> rails = new ArrayList<>(FrameFormat.RAILS_MAX);

  /** ACK, REFUSE and BYE are made behind the ring, in the segment whose CRC buffer is warm. */
  private final int lone;

  /** What the segment has to have behind the ring. */
  static final int LONE_BYTES =
      FrameFormat.HEADER_BYTES
          + Math.max(
              Farewell.BYTES_MAX, FrameFormat.SACK_RANGES_MAX * FrameFormat.SACK_RANGE_BYTES);

  Transmitter(
      SessionTerms terms,
      int sessionId,
      LinkCounters counters,
      ReplayRing ring,
      ReorderBuffer reorder) {
    this.terms = terms;
    this.sessionId = sessionId;
    this.counters = counters;
    this.ring = ring;
    this.reorder = reorder;
    frames = new SentFrames(ring, counters);
    lone = terms.replayBytes();
  }

  // Rails.

  List<SessionRail> rails() {
    return rails;
  }

  void add(SessionRail rail) {
    rails.add(rail);
    if (rails.size() == 2) {
      shareLoad(true);
    } else if (rails.size() > 2) {
      rail.sharesLoad(true);
    }
  }

  private void shareLoad(boolean shares) {
    for (int i = 0; i < rails.size(); i++) {
      rails.get(i).sharesLoad(shares);
    }
  }

  /** The rail is gone; what was under way on it goes over the others. */
  void remove(SessionRail rail) {
    rails.remove(rail);
    rail.leave();
    if (rails.size() == 1) {
      shareLoad(false);
    }
    frames.loseAll(rail);
  }

  /** A new rail is there, and the peer has said what it expects over it. */
  void resumed(int peerExpects, long nowNs) {
    if (ring.ackValid(peerExpects)) {
      frames.acknowledge(peerExpects, nowNs);
      ring.acknowledge(peerExpects);
    }
  }

  /** Frames that are to be sent again. */
  int lostFrames() {
    return frames.lostFrames();
  }

  // Sending frames.

  /** Sends what waits, as far as the rails take it. */
  void pump(int expected, long nowNs) {
    if (rails.isEmpty()) {
      return;
    }
    int sack = terms.sack() ? reorder.bits(expected) : 0;
    while (true) {
      boolean again = frames.anyLost();
      int seq = again ? frames.firstLost() : ring.sendSeq();
      if (!again && !(ring.hasUnsent() && mayGo(seq))) {
        return;
      }
      SessionRail rail = choose(ring.frameBytes(seq), again, nowNs);
      if (rail == null) {
        return;
      }
      send(rail, seq, again, expected, sack, nowNs);
    }
  }

  /** Whether the peer could keep a frame that overtakes all that is missing before it. */
  private boolean mayGo(int seq) {
    return !terms.sack()
        || rails.size() == 1 && rails.getFirst().reliable()
        || seq - ring.oldestSeq() < Math.max(1, terms.peerReorderFrames());
  }

  /**
   * The rail for the next frame, or null. One that was lost already goes over a rail that has
   * brought something of late, if there is any: others may be as dead and not known to be yet.
   */
  private SessionRail choose(int bytes, boolean again, long nowNs) {
    int rank = leastRank();
    boolean heardOnly = again && anyHeard(rank, nowNs);
    SessionRail best = null;
    for (int i = 0; i < rails.size(); i++) {
      SessionRail rail = rails.get(i);
      if (rail.rank() > rank || heardOnly && !rail.heardLately(nowNs)) {
        continue;
      }
      if (!rail.clock.writable || rail.window.roomBytes() < bytes) {
        rail.window.limits();
      } else if (best == null || rail.clock.roundTripNs() < best.clock.roundTripNs()) {
        best = rail;
      }
    }
    return best;
  }

  private boolean anyHeard(int rank, long nowNs) {
    for (int i = 0; i < rails.size(); i++) {
      SessionRail rail = rails.get(i);
      if (rail.rank() == rank && rail.clock.writable && rail.heardLately(nowNs)) {
        return true;
      }
    }
    return false;
  }

  private int leastRank() {
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < rails.size(); i++) {
      least = Math.min(least, rails.get(i).rank());
    }
    return least;
  }

  /** Sends a run of frames that lie back to back, beginning with one for which there is room. */
  private void send(
      SessionRail rail, int first, boolean again, int expected, int sack, long nowNs) {
    int end = runEnd(rail, first, again);
    int flags = again ? FrameFormat.FLAG_REPLAY : 0;
    int bytes = 0;
    for (int seq = first; seq != end; seq++) {
      int frameBytes = ring.frameBytes(seq);
      rail.clock.stamp(
          ring.segment, ring.frameOffset(seq), frameBytes, flags, expected, sack, nowNs);
      bytes += frameBytes;
    }
    int taken = rail.clock.rail.send(ring.segment, ring.frameOffset(first), bytes);
    rail.clock.writable = taken == bytes;
    if (taken > 0) {
      rail.clock.sentNs = nowNs;
      counters.bytesSent += taken;
      paid(rail);
    }
    for (int seq = first; taken > 0; seq++) {
      taken -= ring.frameBytes(seq);
      if (!again) {
        ring.sent();
      }
      frames.sent(seq, rail, nowNs);
      counters.framesSent++;
    }
    assert taken == 0 : "a rail takes whole frames";
  }

  private int runEnd(SessionRail rail, int first, boolean again) {
    int most = rails.size() == 1 ? RUN_BYTES_MAX : SHARE_BYTES_MAX;
    long room = Math.min(most, rail.window.roomBytes()) - ring.frameBytes(first);
    int seq = first + 1;
    while (ring.follows(seq)
        && ring.frameBytes(seq) <= room
        && (again ? frames.isLost(seq) : mayGo(seq))) {
      room -= ring.frameBytes(seq);
      seq++;
    }
    return seq;
  }

  /** A frame has told the peer all that a frame's header can tell. */
  private void paid(SessionRail rail) {
    if (reorder.isEmpty() && !rail.debt.nak()) {
      rail.debt.settle();
    }
  }

  // Acknowledging.

  /** Sends the ACK frames that are due. */
  void acknowledge(int expected, long nowNs) {
    for (int i = 0; i < rails.size(); i++) {
      SessionRail rail = rails.get(i);
      if (rail.debt.due(nowNs)) {
        SessionRail over = rail.clock.writable ? rail : anyWritable();
        if (over != null && sendAck(over, flags(rail), expected, nowNs)) {
          counters.acksSent++;
          counters.naksSent += rail.debt.nak() ? 1 : 0;
          rail.debt.settle();
        }
      }
    }
  }

  private static int flags(SessionRail rail) {
    return (rail.debt.nak() ? FrameFormat.FLAG_NAK : 0)
        | (rail.debt.asks() ? FrameFormat.FLAG_PING : 0);
  }

  private SessionRail anyWritable() {
    for (int i = 0; i < rails.size(); i++) {
      if (rails.get(i).clock.writable) {
        return rails.get(i);
      }
    }
    return null;
  }

  private boolean sendAck(SessionRail rail, int flags, int expected, long nowNs) {
    FrameEncoder.header(ring.segment, lone, FrameFormat.ACK, sessionId, ring.sendSeq());
    int bytes = FrameFormat.HEADER_BYTES;
    int sack = 0;
    if (terms.sack() && !reorder.isEmpty()) {
      sack = reorder.bits(expected);
      bytes += writeRanges(expected);
      FrameEncoder.length(ring.segment, lone, bytes);
    }
    return sendLone(rail.clock, bytes, flags, expected, sack, nowNs);
  }

  private int writeRanges(int expected) {
    long at = lone + FrameFormat.HEADER_BYTES;
    int bytes = 0;
    int first = reorder.runFirst(expected);
    while (first != reorder.end() && bytes < LONE_BYTES - FrameFormat.HEADER_BYTES) {
      int end = reorder.runEnd(first);
      BigEndian.i32(ring.segment, at + bytes, first);
      BigEndian.i32(ring.segment, at + bytes + 4, end);
      bytes += FrameFormat.SACK_RANGE_BYTES;
      first = reorder.runFirst(end);
    }
    return bytes;
  }

  /** Sends REFUSE or BYE, if the rail takes it. */
  void sendFarewell(SessionRail rail, int type, Farewell farewell, int expected, long nowNs) {
    FrameEncoder.header(ring.segment, lone, type, sessionId, ring.sendSeq());
    int bytes =
        FrameFormat.HEADER_BYTES + farewell.write(ring.segment, lone + FrameFormat.HEADER_BYTES);
    FrameEncoder.length(ring.segment, lone, bytes);
    sendLone(rail.clock, bytes, 0, expected, 0, nowNs);
  }

  private boolean sendLone(
      RailClock clock, int bytes, int flags, int expected, int sack, long nowNs) {
    if (!clock.writable) {
      return false;
    }
    clock.stamp(ring.segment, lone, bytes, flags, expected, sack, nowNs);
    clock.writable = clock.rail.send(ring.segment, lone, bytes) == bytes;
    if (clock.writable) {
      counters.framesSent++;
      counters.bytesSent += bytes;
      clock.sentNs = nowNs;
    }
    return clock.writable;
  }

  // What the peer says.

  /**
   * Takes what a frame acknowledges; false when it cannot be true.
   *
   * @param from where it came
   */
  boolean acknowledged(FrameView frame, SessionRail from, long nowNs) {
    int ack = frame.ack();
    if (!ring.ackValid(ack)) {
      // One of long ago means nothing.
      return !Seq.after(ack, ring.oldestSeq());
    }
    if (ack != ring.oldestSeq()) {
      frames.acknowledge(ack, nowNs);
      ring.acknowledge(ack);
    }
    if (terms.sack()) {
      if (!bits(frame, nowNs) || frame.type() == FrameFormat.ACK && !ranges(frame, nowNs)) {
        return false;
      }
      detectLosses();
      return true;
    }
    if ((frame.flags() & FrameFormat.FLAG_NAK) != 0 && ack == ring.oldestSeq()) {
      frames.loseAll(from);
    }
    return true;
  }

  private boolean bits(FrameView frame, long nowNs) {
    int bits = frame.sack();
    while (bits != 0) {
      int seq = frame.ack() + 1 + Integer.numberOfTrailingZeros(bits);
      if (!Seq.before(seq, ring.sendSeq())) {
        return false;
      }
      frames.received(seq, seq + 1, nowNs);
      bits &= bits - 1;
    }
    return true;
  }

  private boolean ranges(FrameView frame, long nowNs) {
    int count =
        Math.min(
            FrameFormat.SACK_RANGES_MAX,
            (frame.frameBytes() - FrameFormat.HEADER_BYTES) / FrameFormat.SACK_RANGE_BYTES);
    int before = frame.ack();
    for (int i = 0; i < count; i++) {
      long at = frame.frameBodyOffset() + (long) i * FrameFormat.SACK_RANGE_BYTES;
      int first = BigEndian.i32(frame.segment(), at);
      int end = BigEndian.i32(frame.segment(), at + 4);
      if (!Seq.after(first, before) || !Seq.after(end, first) || Seq.after(end, ring.sendSeq())) {
        return false;
      }
      frames.received(first, end, nowNs);
      before = end;
    }
    return true;
  }

  private void detectLosses() {
    for (int i = 0; i < rails.size(); i++) {
      frames.detectLosses(rails.get(i));
    }
  }

  /** A frame has come over a rail, and what it acknowledges is known. */
  void heard(SessionRail rail, FrameView frame, long nowNs) {
    if (!rail.doubted()) {
      return;
    }
    long answeredNs = rail.clock.answeredNs(frame, nowNs);
    // Time stamps are that much coarser than clocks.
    if (answeredNs > rail.doubtedSinceNs() - (1 << FrameFormat.TIME_SHIFT)) {
      rail.clear(nowNs);
      // What was sent before the question, and is not there with the answer, will not come.
      frames.loseSentBefore(rail, answeredNs);
    }
  }

  // Time.

  /** A rail has not answered in time. */
  void expire(SessionRail rail, long nowNs) {
    int times = rail.expired(nowNs);
    boolean othersWell = leastRank() == 0;
    if (rail.reliable()) {
      rail.suspect(nowNs);
      if (othersWell) {
        frames.loseAll(rail);
      }
    } else if (times == 1 && terms.sack() && !othersWell) {
      // The answer to one frame tells about all before it.
      frames.loseFirst(rail);
    } else {
      frames.loseAll(rail);
      if (times > 1 || !terms.sack()) {
        rail.suspect(nowNs);
      }
    }
    if (terms.rails() && (rail.suspect() || othersWell)) {
      rail.debt.ask();
    }
  }
}
