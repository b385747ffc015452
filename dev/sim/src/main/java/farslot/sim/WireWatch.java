package farslot.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Reads along what both ends of every session of a pair put on their wires, and what arrives there:
 * numbers without gaps, a frame that is sent again the same as before, no acknowledgement of what
 * was never sent or has not come, never more unacknowledged than the replay buffer holds. Knows
 * since when a session stands still.
 */
final class WireWatch {
  /** Frames that a sender may have unacknowledged: half of what the specification's window is. */
  private static final int FRAMES_MAX = 4096;

  // Header fields that are told anew each time that a frame is sent: flags, ack to echoDelay, CRC.
  private static final int FLAGS_AT = 4;
  private static final int LENGTH_AT = 6;
  private static final int ACK_AT = 16;

  private final World world;
  private final Judge judge;
  private final Map<Flow, Sent> sent = new HashMap<>();
  private final Map<Flow, Received> received = new HashMap<>();

  /** One direction of one session. */
  private record Flow(int session, boolean up) {}

  /** What one end has sent and does not know to have arrived. */
  private static final class Sent {
    private final Map<Integer, Long> prints = new HashMap<>();
    private int oldest = 1;
    private int next = 1;
    private long bytes;
    private long movedNs;
  }

  /** What has arrived at one end, and what it has said of that. */
  private static final class Received {
    private final Set<Integer> waiting = new HashSet<>();
    private int next = 1;
  }

  WireWatch(World world) {
    this.world = world;
    this.judge = world.judge;
  }

  // An end sends.

  /** An end sends a frame, before anything can happen to it. */
  void onFrame(WireEnd from, byte[] frame) {
    int type = Frames.type(frame);
    if (type != Frames.DATA && type != Frames.ACK) {
      return;
    }
    String who = from.node.name;
    int session = Frames.session(frame);
    claims(who, received(session, !from.up()), frame);
    Sent flow = sent(session, from.up());
    if (type == Frames.DATA) {
      data(who, flow, frame);
    } else {
      judge.require(
          Frames.seq(frame) <= flow.next,
          Rule.PEERS_AGREE,
          "%s: ACK says seq %d, next is %d",
          who,
          Frames.seq(frame),
          flow.next);
    }
  }

  private Sent sent(int session, boolean up) {
    return sent.computeIfAbsent(new Flow(session, up), flow -> new Sent());
  }

  private Received received(int session, boolean up) {
    return received.computeIfAbsent(new Flow(session, up), flow -> new Received());
  }

  private void claims(String who, Received flow, byte[] frame) {
    int ack = Frames.ack(frame);
    judge.require(
        ack <= flow.next,
        Rule.SACK_IS_TRUE,
        "%s acknowledges all before %d, and %d has not come",
        who,
        ack,
        flow.next);
    Frames.claimed(
        frame,
        seq ->
            judge.require(
                seq < flow.next || flow.waiting.contains(seq),
                Rule.SACK_IS_TRUE,
                "%s claims to have frame %d, which has not come",
                who,
                seq));
  }

  private void data(String who, Sent flow, byte[] frame) {
    int seq = Frames.seq(frame);
    long print = print(frame);
    if (seq == flow.next) {
      flow.movedNs = flow.oldest == flow.next ? world.nowNs() : flow.movedNs;
      flow.next++;
      flow.prints.put(seq, print);
      flow.bytes += frame.length;
      judge.require(
          flow.bytes <= Shape.REPLAY_BYTES && flow.next - flow.oldest <= FRAMES_MAX,
          Rule.MEMORY_BOUNDED,
          "%s has sent %d bytes in %d frames that are not acknowledged",
          who,
          flow.bytes,
          flow.next - flow.oldest);
    } else {
      Long before = flow.prints.get(seq);
      judge.require(
          seq < flow.next && (before == null || before == print),
          Rule.POSTED_ONCE,
          "%s: DATA %d is not what it was, or comes before %d",
          who,
          seq,
          flow.next);
    }
  }

  /** Length and a digest of what stays the same. */
  private static long print(byte[] frame) {
    CRC32C crc = new CRC32C();
    crc.update(frame, 0, FLAGS_AT);
    crc.update(frame, LENGTH_AT, ACK_AT - LENGTH_AT);
    crc.update(frame, Frames.HEADER_BYTES, frame.length - Frames.HEADER_BYTES);
    return (long) frame.length << Integer.SIZE | crc.getValue();
  }

  // A frame arrives.

  /** What {@code from} has sent arrives at the other end, which runs. */
  void onArrival(WireEnd from, byte[] frame) {
    int session = Frames.session(frame);
    boolean data = Frames.type(frame) == Frames.DATA;
    if (session == 0 || !from.reliable() && !Frames.isIntact(frame)) {
      return;
    }
    if (data || Frames.type(frame) == Frames.ACK) {
      acknowledge(sent(session, !from.up()), Frames.ack(frame));
    } else if (Frames.type(frame) < Frames.DATA) {
      // Where to resume.
      acknowledge(sent(session, !from.up()), Frames.ack(frame));
    }
    if (data) {
      arrived(received(session, from.up()), Frames.seq(frame));
    }
  }

  private void acknowledge(Sent flow, int ack) {
    if (!judge.require(
        ack <= flow.next, Rule.PEERS_AGREE, "acknowledged are %d of %d frames", ack, flow.next)) {
      return;
    }
    while (flow.oldest < ack) {
      flow.bytes -= flow.prints.remove(flow.oldest++) >>> Integer.SIZE;
      flow.movedNs = world.nowNs();
    }
  }

  private static void arrived(Received flow, int seq) {
    if (seq >= flow.next) {
      flow.waiting.add(seq);
    }
    while (flow.waiting.remove(flow.next)) {
      flow.next++;
    }
  }

  // Standing still.

  /** Whether frames in one direction of a session wait for their acknowledgement. */
  boolean isOutstanding(int session, boolean up) {
    Sent flow = sent(session, up);
    return flow.oldest < flow.next;
  }

  /** When frames were last acknowledged there, or the first was sent that waits. */
  long movedNs(int session, boolean up) {
    return sent(session, up).movedNs;
  }

  /** For people. */
  String words(int session, boolean up) {
    Sent flow = sent(session, up);
    return "%s: %d to %d of session %08x wait for their acknowledgement"
        .formatted(up ? "up" : "down", flow.oldest, flow.next - 1, session);
  }
}
