package farslot.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Bugs in the link's handling of frames, as the peer of an end that has them would see them: a man
 * in the middle changes what they say, and makes the CRC right again.
 */
final class FrameBugs {
  /** One in so many frames is hit. */
  private static final int RARE = 12;

  private static final int SKIPPABLE = 0x80;
  private static final int CREDIT_ENTRY_BYTES = 12;

  private FrameBugs() {}

  /** Changes a frame in place. */
  private interface Change {
    void apply(WireEnd from, byte[] frame);
  }

  private static Mischief change(Change change) {
    return new Mischief() {
      @Override
      void onFrame(WireEnd from, byte[] frame, Consumer<byte[]> onward) {
        change.apply(from, frame);
        Frames.seal(frame);
        onward.accept(frame);
      }
    };
  }

  /** Which direction of which session a frame belongs to. */
  private record Flow(int session, boolean up) {
    static Flow of(WireEnd from, byte[] frame) {
      return new Flow(Frames.session(frame), from.up());
    }

    Flow back() {
      return new Flow(session, !up);
    }
  }

  // Acknowledging and resuming.

  static Mischief ackOffByOne(SplittableRandom random) {
    Map<Flow, Integer> sent = new HashMap<>();
    return change(
        (from, frame) -> {
          Flow flow = Flow.of(from, frame);
          if (Frames.type(frame) == Frames.DATA) {
            sent.merge(flow, Frames.seq(frame), Math::max);
          }
          boolean session = Frames.type(frame) == Frames.DATA || Frames.type(frame) == Frames.ACK;
          // Only what the peer can believe: one that was never sent gives the bug away at once.
          if (session && sent.getOrDefault(flow.back(), 0) >= Frames.ack(frame)) {
            Frames.ack(frame, Frames.ack(frame) + 1);
          }
        });
  }

  static Mischief replayTooLate(SplittableRandom random) {
    return change((from, frame) -> resumeAt(frame, 1));
  }

  private static void resumeAt(byte[] frame, int by) {
    boolean handshake = Frames.type(frame) == Frames.HELLO || Frames.type(frame) == Frames.WELCOME;
    if (handshake && Frames.session(frame) != 0 && Frames.ack(frame) > 1) {
      Frames.ack(frame, Frames.ack(frame) + by);
    }
  }

  // Frames too few and too many: what comes behind is numbered anew, so that nobody sees a gap.

  static Mischief frameLost(SplittableRandom random) {
    return new Renumbering(random, -1) {
      @Override
      byte[] extra(WireEnd from, byte[] victim) {
        return null;
      }
    };
  }

  static Mischief duplicateAccepted(SplittableRandom random) {
    return new Renumbering(random, 1) {
      @Override
      byte[] extra(WireEnd from, byte[] victim) {
        return victim.clone();
      }
    };
  }

  static Mischief staleAccepted(SplittableRandom random) {
    return new Renumbering(random, 1) {
      private final List<byte[]> old = new ArrayList<>();

      @Override
      byte[] extra(WireEnd from, byte[] victim) {
        byte[] stale = stale(from, victim);
        old.add(victim.clone());
        return stale;
      }

      private byte[] stale(WireEnd from, byte[] victim) {
        for (byte[] frame : old) {
          if (Frames.session(frame) != Frames.session(victim)) {
            return disguise(frame.clone(), victim);
          }
        }
        return null;
      }
    };
  }

  /** Makes a frame's TLPs look as if they belonged to the stream of another frame's first TLP. */
  private static byte[] disguise(byte[] frame, byte[] as) {
    int model = firstTlp(as);
    Frames.session(frame, Frames.session(as));
    for (int at = Frames.HEADER_BYTES; at < frame.length; at = Frames.nextRecord(frame, at)) {
      if (Frames.recordKind(frame, at) == Frames.RECORD_TLP) {
        Frames.u16(frame, at, Frames.u16(as, model));
        Frames.u16(frame, at + 6, Frames.u16(as, model + 6));
      } else {
        frame[at + 2] = (byte) SKIPPABLE;
      }
    }
    return frame;
  }

  /** Where the first whole TLP's record begins, or -1. */
  private static int firstTlp(byte[] frame) {
    for (int at = Frames.HEADER_BYTES; at < frame.length; at = Frames.nextRecord(frame, at)) {
      if (Frames.recordKind(frame, at) == Frames.RECORD_TLP && frame[at + 3] == 0) {
        return at;
      }
    }
    return -1;
  }

  /** Takes a frame out of a session, or puts one in, once, and hides it from both ends. */
  private abstract static class Renumbering extends Mischief {
    private final SplittableRandom random;
    private final int by;
    private final Map<Flow, Integer> highest = new HashMap<>();
    private final Map<Flow, Integer> victims = new HashMap<>();
    private final Map<Flow, byte[]> extras = new HashMap<>();

    Renumbering(SplittableRandom random, int by) {
      this.random = random;
      this.by = by;
    }

    /** What is put in behind the victim; null to take the victim out, or to leave it alone. */
    abstract byte[] extra(WireEnd from, byte[] victim);

    @Override
    void onFrame(WireEnd from, byte[] sent, Consumer<byte[]> onward) {
      Flow flow = Flow.of(from, sent);
      boolean data = Frames.type(sent) == Frames.DATA;
      int seq = Frames.seq(sent);
      if (data) {
        // One behind which nothing has gone yet.
        boolean first = highest.getOrDefault(flow, 0) < seq;
        highest.merge(flow, seq, Math::max);
        if (first
            && !victims.containsKey(flow)
            && firstTlp(sent) >= 0
            && random.nextInt(RARE) == 0) {
          choose(from, flow, sent);
        }
      }
      byte[] frame = acknowledge(flow, sent);
      Integer victim = victims.get(flow);
      boolean numbered = data || Frames.type(frame) == Frames.ACK;
      if (victim != null && numbered && seq > victim) {
        Frames.seq(frame, seq + by);
      }
      boolean hit = victim != null && data && seq == victim;
      if (!hit || by > 0) {
        Frames.seal(frame);
        onward.accept(frame);
      }
      if (hit && by > 0) {
        byte[] extra = extras.get(flow).clone();
        Frames.seq(extra, seq + 1);
        Frames.seal(extra);
        onward.accept(extra);
      }
    }

    private byte[] acknowledge(Flow flow, byte[] frame) {
      Integer victim = victims.get(flow.back());
      return victim == null
          ? frame
          : Frames.acknowledge(
              frame,
              ack -> realAck(ack, victim),
              edge -> edge <= (by < 0 ? victim : victim + 1) ? edge : edge - by);
    }

    private void choose(WireEnd from, Flow flow, byte[] frame) {
      byte[] extra = extra(from, frame);
      if (extra != null || by < 0) {
        victims.put(flow, Frames.seq(frame));
        extras.put(flow, extra);
      }
    }

    /** What the receiver would have acknowledged without the change. */
    private int realAck(int ack, int victim) {
      if (by < 0) {
        return ack < victim ? ack : ack + 1;
      }
      return ack <= victim ? ack : ack - 1;
    }
  }

  static Mischief crcIgnored(SplittableRandom random) {
    return change(
        (from, frame) -> {
          int at = Frames.type(frame) == Frames.DATA ? firstTlp(frame) : -1;
          // Behind header and first words of a TLP that has data: a bit of its pattern.
          if (at >= 0 && Frames.u16(frame, at + 4) >= 56 && random.nextInt(RARE) == 0) {
            frame[at + Frames.RECORD_HEADER_BYTES + 48] ^= 4;
          }
        });
  }

  // Credits: limits are absolute, so one that is off stays off.

  static Mischief creditLost(SplittableRandom random) {
    return change((from, frame) -> credits(frame, -1));
  }

  static Mischief creditTwice(SplittableRandom random) {
    return change((from, frame) -> credits(frame, 1));
  }

  private static void credits(byte[] frame, int by) {
    if (Frames.type(frame) != Frames.DATA) {
      return;
    }
    for (int at = Frames.HEADER_BYTES; at < frame.length; at = Frames.nextRecord(frame, at)) {
      if (Frames.recordKind(frame, at) == Frames.RECORD_CREDIT) {
        int first = at + Frames.RECORD_HEADER_BYTES;
        int end = first + Frames.u16(frame, at + 4);
        for (int entry = first; entry < end; entry += CREDIT_ENTRY_BYTES) {
          int headers = Frames.u32(frame, entry + 4);
          // 0 stands for infinitely many.
          Frames.u32(frame, entry + 4, headers == 0 ? 0 : headers + by);
        }
      }
    }
  }
}
