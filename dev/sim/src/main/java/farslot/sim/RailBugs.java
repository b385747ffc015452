package farslot.sim;

import farslot.link.LinkEvent;
import farslot.pcie.TlpIn;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Bugs in how a session uses several rails and keeps what comes out of order, as the peer of an end
 * that has them would see them.
 */
final class RailBugs {
  /** So many frames sent again on a rail fill the window of who takes them for under way still. */
  private static final int WINDOW_FRAMES = 4;

  private RailBugs() {}

  private record Flow(int session, boolean up) {
    static Flow of(WireEnd from, byte[] frame) {
      return new Flow(Frames.session(frame), from.up());
    }

    Flow back() {
      return new Flow(session, !up);
    }
  }

  /** A frame of a session, told from others by its number. */
  private record Numbered(int session, boolean up, int seq) {
    static Numbered of(WireEnd from, byte[] frame) {
      return new Numbered(Frames.session(frame), from.up(), Frames.seq(frame));
    }
  }

  // What is said to have come.

  /** The last claim decides, as if it were the acknowledgement of all before it. */
  static Mischief sackFreesAll(SplittableRandom random) {
    return change(
        (from, frame) -> {
          int[] last = {Frames.ack(frame) - 1};
          Frames.claimed(frame, seq -> last[0] = Math.max(last[0], seq));
          return Frames.acknowledge(frame, ack -> last[0] + 1, edge -> edge);
        });
  }

  /** What is claimed begins one frame too early: with one that is missing. */
  static Mischief sackOffByOne(SplittableRandom random) {
    return change(
        (from, frame) -> {
          int last = Frames.ack(frame);
          for (int range = 0; range < Frames.ranges(frame); range++) {
            int first = Frames.rangeFirst(frame, range);
            // The peer would not believe anything else.
            boolean gap = first - 1 > last;
            last = Frames.rangeEnd(frame, range);
            Frames.range(frame, range, gap ? first - 1 : first, last);
          }
          Frames.sack(frame, Frames.sack(frame) | Frames.sack(frame) >>> 1);
          return frame;
        });
  }

  /** What waits for a missing frame is taken for what has come last before it. */
  static Mischief reorderOverwritten(SplittableRandom random) {
    Map<Flow, Order> orders = new HashMap<>();
    return new Mischief() {
      @Override
      byte[] onArrival(WireEnd from, byte[] frame) {
        if (Frames.type(frame) != Frames.DATA) {
          return frame;
        }
        Order order = orders.computeIfAbsent(Flow.of(from, frame), flow -> new Order());
        boolean waits = order.isBeyond(frame) && !order.waiting.containsKey(Frames.seq(frame));
        byte[] other = waits ? order.last() : null;
        order.arrived(frame);
        return other == null ? frame : numbered(other, frame);
      }
    };
  }

  /** What has come in one direction of a session. */
  private static final class Order {
    final TreeMap<Integer, byte[]> waiting = new TreeMap<>();
    private int next = 1;

    boolean isBeyond(byte[] frame) {
      return Frames.seq(frame) > next;
    }

    /** Something that waits, or null. */
    byte[] last() {
      return waiting.isEmpty() ? null : waiting.lastEntry().getValue();
    }

    void arrived(byte[] frame) {
      if (Frames.seq(frame) >= next) {
        waiting.put(Frames.seq(frame), frame.clone());
      }
      while (waiting.remove(next) != null) {
        next++;
      }
    }
  }

  /** A frame with the number, and what is told anew, of another one. */
  private static byte[] numbered(byte[] frame, byte[] as) {
    byte[] copy = frame.clone();
    Frames.seq(copy, Frames.seq(as));
    Frames.ack(copy, Frames.ack(as));
    Frames.sack(copy, Frames.sack(as));
    Frames.seal(copy);
    return copy;
  }

  private static boolean isInside(byte[] frame) {
    return Frames.type(frame) == Frames.DATA || Frames.type(frame) == Frames.ACK;
  }

  private interface Change {
    byte[] apply(WireEnd from, byte[] frame);
  }

  private static Mischief change(Change change) {
    return new Mischief() {
      @Override
      void onFrame(WireEnd from, byte[] frame, Consumer<byte[]> onward) {
        byte[] changed = isInside(frame) ? change.apply(from, frame) : frame;
        Frames.seal(changed);
        onward.accept(changed);
      }
    };
  }

  // What is sent again, and where.

  private interface Passes {
    /**
     * @param first where the frame went the first time
     */
    boolean test(WireEnd from, byte[] frame, WireEnd first);
  }

  private static Mischief pass(Passes passes) {
    Map<Numbered, WireEnd> firsts = new HashMap<>();
    return new Mischief() {
      @Override
      void onFrame(WireEnd from, byte[] frame, Consumer<byte[]> onward) {
        WireEnd first =
            Frames.type(frame) == Frames.DATA
                ? firsts.putIfAbsent(Numbered.of(from, frame), from)
                : null;
        if (first == null || passes.test(from, frame, first)) {
          onward.accept(frame);
        }
      }
    };
  }

  static Mischief gapNotResent(SplittableRandom random) {
    return pass((from, frame, first) -> false);
  }

  static Mischief resentOnDeadRail(SplittableRandom random) {
    return pass((from, frame, first) -> from == first || !first.isUsable());
  }

  static Mischief goneRailForgotten(SplittableRandom random) {
    return pass((from, frame, first) -> first.isUsable());
  }

  /** Each frame that is lost takes something of the window away for good. */
  static Mischief windowLeaks(SplittableRandom random) {
    Map<WireEnd, Integer> leaked = new HashMap<>();
    Map<Numbered, WireEnd> last = new HashMap<>();
    return new Mischief() {
      @Override
      void onFrame(WireEnd from, byte[] frame, Consumer<byte[]> onward) {
        if (Frames.type(frame) == Frames.DATA) {
          WireEnd before = last.put(Numbered.of(from, frame), from);
          if (before != null) {
            leaked.merge(before, 1, Integer::sum);
          }
          if (leaked.getOrDefault(from, 0) > WINDOW_FRAMES) {
            return;
          }
        }
        onward.accept(frame);
      }
    };
  }

  // Order.

  /** Nobody waits for a missing frame: what comes is taken for the next one, once. */
  static Mischief orderOfArrival(SplittableRandom random) {
    Map<Flow, Map<Integer, Integer>> numbers = new HashMap<>();
    return new Mischief() {
      @Override
      byte[] onArrival(WireEnd from, byte[] frame) {
        if (!isInside(frame)) {
          return frame;
        }
        Map<Integer, Integer> known = known(Flow.of(from, frame));
        int next = known.size() + 1;
        boolean data = Frames.type(frame) == Frames.DATA;
        Integer before = data ? known.putIfAbsent(Frames.seq(frame), next) : null;
        byte[] copy = frame.clone();
        Frames.seq(copy, before == null ? next : before);
        Frames.seal(copy);
        return copy;
      }

      @Override
      void onFrame(WireEnd from, byte[] frame, Consumer<byte[]> onward) {
        byte[] told = frame;
        if (isInside(frame)) {
          Map<Integer, Integer> known = known(Flow.of(from, frame).back());
          told = Frames.acknowledge(frame, ack -> prefix(known, ack), edge -> 0);
        }
        Frames.seal(told);
        onward.accept(told);
      }

      private Map<Integer, Integer> known(Flow flow) {
        return numbers.computeIfAbsent(flow, which -> new HashMap<>());
      }
    };
  }

  /** The first frame that is not among those taken for one before {@code ack}. */
  private static int prefix(Map<Integer, Integer> known, int ack) {
    int seq = 1;
    while (known.getOrDefault(seq, ack) < ack) {
      seq++;
    }
    return seq;
  }

  /** The TLP that comes first after a rail was lost comes twice. */
  static Mischief twiceAfterLoss(SplittableRandom random) {
    Set<String> struck = new HashSet<>();
    return new Mischief() {
      private boolean lost;

      @Override
      void onEvent(Node node, LinkEvent event) {
        lost |= event instanceof LinkEvent.RailLost && struck.add(node.name);
      }

      @Override
      TlpIn in(TlpIn in, boolean card) {
        return new Twice(in, card);
      }

      /** Delivers again what came first after a loss. */
      private final class Twice extends PassingOn {
        private final TlpIn in;
        private final boolean card;

        Twice(TlpIn in, boolean card) {
          this.in = in;
          this.card = card;
        }

        @Override
        public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
          in.onTlp(segment, offset, tlpBytes);
          if (lost && card) {
            lost = false;
            in.onTlp(segment, offset, tlpBytes);
          }
        }

        @Override
        TlpIn next() {
          return in;
        }
      }
    };
  }

  // Rails that come and go.

  /** A way over which a rail has been lost is not tried again. */
  static Mischief railNotTakenBack(SplittableRandom random) {
    Set<Route> used = new HashSet<>();
    return new Mischief() {
      @Override
      boolean dials(Route route) {
        return used.add(route) || route.name.endsWith("/0");
      }
    };
  }

  /** Who gets HELLO takes its sender to be there, and does not wait until that has heard of it. */
  static Mischief helloBelieved(SplittableRandom random) {
    return new Mischief() {
      @Override
      void onFrame(WireEnd from, byte[] frame, Consumer<byte[]> onward) {
        onward.accept(frame);
        if (from.peer().isGhost() && Frames.type(frame) == Frames.WELCOME) {
          byte[] ack = java.util.Arrays.copyOf(frame, Frames.HEADER_BYTES);
          Frames.ackOf(ack, frame, from.peer().haunting());
          Frames.seal(ack);
          from.peer().inject(ack);
        }
      }
    };
  }
}
