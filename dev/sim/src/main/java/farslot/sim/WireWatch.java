package farslot.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Reads along what both ends of every session put on the wire: numbers without gaps, a frame that
 * is sent again the same as before, no acknowledgement of what was never sent, and never more
 * unacknowledged than the replay buffer holds.
 */
final class WireWatch {
  /** Frames that a sender may have unacknowledged: half of what the specification's window is. */
  private static final int FRAMES_MAX = 4096;

  // Header fields that are told anew each time that a frame is sent: flags, ack to echoDelay, CRC.
  private static final int FLAGS_AT = 4;
  private static final int LENGTH_AT = 6;
  private static final int ACK_AT = 16;

  private final Judge judge;
  private final Map<Flow, Sent> flows = new HashMap<>();

  /** One direction of one session. */
  private record Flow(int session, boolean up) {}

  /** What one end has sent and the other has not acknowledged. */
  private static final class Sent {
    private final Map<Integer, Long> prints = new HashMap<>();
    private int oldest = 1;
    private int next = 1;
    private long bytes;
  }

  WireWatch(Judge judge) {
    this.judge = judge;
  }

  /** An end sends a frame, before anything can happen to it. */
  void onFrame(String who, boolean up, byte[] frame) {
    int type = Frames.type(frame);
    if (type != Frames.DATA && type != Frames.ACK) {
      return;
    }
    int session = Frames.session(frame);
    acknowledge(who, flow(session, !up), Frames.ack(frame));
    Sent sent = flow(session, up);
    if (type == Frames.DATA) {
      data(who, sent, frame);
    } else {
      judge.require(
          Frames.seq(frame) <= sent.next,
          Rule.PEERS_AGREE,
          "%s: ACK says seq %d, next is %d",
          who,
          Frames.seq(frame),
          sent.next);
    }
  }

  private Sent flow(int session, boolean up) {
    return flows.computeIfAbsent(new Flow(session, up), flow -> new Sent());
  }

  private void acknowledge(String who, Sent sent, int ack) {
    if (!judge.require(
        ack <= sent.next, Rule.PEERS_AGREE, "%s acknowledges %d of %d", who, ack, sent.next)) {
      return;
    }
    while (sent.oldest < ack) {
      sent.bytes -= sent.prints.remove(sent.oldest++) >>> Integer.SIZE;
    }
  }

  private void data(String who, Sent sent, byte[] frame) {
    int seq = Frames.seq(frame);
    long print = print(frame);
    if (seq == sent.next) {
      sent.next++;
      sent.prints.put(seq, print);
      sent.bytes += frame.length;
      judge.require(
          sent.bytes <= Shape.REPLAY_BYTES && sent.next - sent.oldest <= FRAMES_MAX,
          Rule.MEMORY_BOUNDED,
          "%s has sent %d bytes in %d frames that are not acknowledged",
          who,
          sent.bytes,
          sent.next - sent.oldest);
    } else {
      Long before = sent.prints.get(seq);
      judge.require(
          seq < sent.next && (before == null || before == print),
          Rule.POSTED_ONCE,
          "%s: DATA %d is not what it was, or comes before %d",
          who,
          seq,
          sent.next);
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
}
