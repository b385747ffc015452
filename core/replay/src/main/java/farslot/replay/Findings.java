package farslot.replay;

import java.util.ArrayList;
import java.util.List;

/** Collects differences: the first of them, and how many there are. */
final class Findings {
  private static final int KEPT_MAX = 1000;

  private final Score score;
  private final List<Difference> kept = new ArrayList<>();
  private long count;

  Findings(Score score) {
    this.score = score;
  }

  /** At a note of the score. */
  void add(Difference.Kind kind, int index, String what, String captured, String replayed) {
    count++;
    if (kept.size() < KEPT_MAX) {
      boolean inside = index >= 0 && index < score.size();
      long packet = inside ? score.get(index).utterance().packet() : 0;
      kept.add(
          new Difference(kind, packet, inside ? score.atNs(index) : 0, what, captured, replayed));
    }
  }

  List<Difference> kept() {
    return List.copyOf(kept);
  }

  long count() {
    return count;
  }
}
