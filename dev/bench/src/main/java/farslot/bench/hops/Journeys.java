package farslot.bench.hops;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Puts together from footprints and frames where each operation was, and how long. */
final class Journeys {
  private record Step(long timeNs, Hop hop) {}

  /** An operation's time by hop, nanoseconds, indexed as {@link Hop}. */
  record Journey(long[] ns) {
    long totalNs() {
      long sum = 0;
      for (long each : ns) {
        sum += each;
      }
      return sum;
    }
  }

  private final List<Step> steps = new ArrayList<>();

  void add(Footprints prints) {
    for (int i = 0; i < prints.count(); i++) {
      steps.add(new Step(prints.timeNs(i), prints.hop(i)));
    }
  }

  /**
   * @param wire what such a frame is on while it travels
   * @param then where it arrives
   */
  void add(FramesSeen frames, Hop wire, Hop then) {
    for (int i = 0; i < frames.count(); i++) {
      steps.add(new Step(frames.sentNs(i), wire));
      steps.add(new Step(frames.arrivedNs(i), then));
    }
  }

  /**
   * Cuts what was added at the operations' begins and ends. An operation is where the last step has
   * brought it, so that its hops' times add up to what it took.
   *
   * @param timesNs begin and end of each, one after the other, in order; each alone on the path
   */
  List<Journey> of(long[] timesNs, int count) {
    // Stable: of steps at one time, the order in which they were added stays.
    steps.sort(Comparator.comparingLong(Step::timeNs));
    List<Journey> journeys = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < count; i++) {
      long now = timesNs[2 * i];
      long end = timesNs[2 * i + 1];
      while (at < steps.size() && steps.get(at).timeNs < now) {
        at++;
      }
      long[] ns = new long[Hop.values().length];
      Hop where = Hop.GUEST;
      while (at < steps.size() && steps.get(at).timeNs <= end) {
        Step step = steps.get(at++);
        ns[where.ordinal()] += step.timeNs - now;
        now = step.timeNs;
        where = step.hop;
      }
      ns[where.ordinal()] += end - now;
      journeys.add(new Journey(ns));
    }
    return journeys;
  }
}
