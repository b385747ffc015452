package farslot.replay;

import farslot.capture.TlpFilter;
import farslot.replay.Score.Note;
import farslot.replay.Score.Part;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the card does, compared with what the score has for it. */
final class CardsPart {
  /**
   * How far ahead of the first thing that is still awaited it is looked for what the card does: it
   * may be quicker than it was, and finish commands in another order.
   */
  private static final int WINDOW = 8192;

  private final Score score;
  private final Findings findings;
  private final Map<Integer, Exchange> asked = new HashMap<>();
  private final List<TlpFilter.Range> ignored;
  private final Set<Integer> before = new HashSet<>();
  private final PushedMemory memory = new PushedMemory();
  private final boolean[] done;
  private int first;
  private long same;
  private long moved;
  private long spared;

  CardsPart(Score score, Findings findings, List<TlpFilter.Range> ignored) {
    this.score = score;
    this.ignored = ignored;
    this.findings = findings;
    done = new boolean[score.size()];
  }

  /** Whether what stands there has been done, or given up. */
  boolean done(int index) {
    return done[index];
  }

  long same() {
    return same;
  }

  /** Things that the card did as in the capture, but not in that order. */
  long moved() {
    return moved;
  }

  // Answers.

  /** A request has been said to the card. */
  void ask(Exchange exchange) {
    asked.put(exchange.request.tlp.tag(), exchange);
  }

  /** Whether an older request has this tag still. */
  boolean open(int tag) {
    return asked.containsKey(tag);
  }

  /** Gives the request up that has this tag. */
  void abandon(int tag) {
    asked.remove(tag);
  }

  /** What the card had answered before a reset may still come. */
  void reset() {
    memory.reset();
    before.addAll(asked.keySet());
    asked.clear();
  }

  /**
   * A completion from the card.
   *
   * @param at where the server is in the score
   */
  void onCompletion(Said said, int at) {
    int tag = said.tlp.tag();
    Exchange exchange = asked.get(tag);
    if (exchange == null) {
      if (!before.remove(tag)) {
        findings.add(Difference.Kind.EXTRA, at - 1, said.words(), "", said.line());
      }
      return;
    }
    if (!exchange.completeAgain(said)) {
      return;
    }
    asked.remove(tag);
    int status = said.tlp.statusCode();
    String now = Exchange.words(status, exchange.newData);
    if (!exchange.answered()) {
      findings.add(Difference.Kind.ANSWERED, exchange.at, exchange.request.words(), "", now);
      return;
    }
    done[exchange.answeredAt] = true;
    boolean same = Arrays.equals(exchange.newData, exchange.data) || ignored(exchange.request);
    if (status == exchange.status && same) {
      this.same++;
    } else {
      String then = Exchange.words(exchange.status, exchange.data);
      findings.add(
          Difference.Kind.ANSWER, exchange.answeredAt, exchange.request.words(), then, now);
    }
  }

  private boolean ignored(Said said) {
    if (said.isConfig()) {
      return false;
    }
    long address = said.tlp.firstByteAddress();
    long last = address + Math.max(1, said.wanted()) - 1;
    return ignored.stream().anyMatch(range -> range.meets(address, last));
  }

  // What the card does by itself.

  /** A write or a message from the card. */
  void onPosted(Said said, int at) {
    int found = find(Part.CARD_POSTED, said, true);
    if (found >= 0) {
      take(found);
      return;
    }
    found = find(Part.CARD_POSTED, said, false);
    if (found < 0) {
      findings.add(Difference.Kind.EXTRA, at - 1, said.words(), "", said.line());
      return;
    }
    if (ignored(said)) {
      take(found);
      return;
    }
    done[found] = true;
    String then = Said.hex(score.get(found).said().data());
    findings.add(Difference.Kind.DATA, found, said.words(), then, Said.hex(said.data()));
  }

  /**
   * A read of the card: the one in the score that it is, or null.
   *
   * @param at where the server is in the score
   */
  Exchange onRead(Said said, int at) {
    int found = find(Part.CARD_READ, said, true);
    // What has just been pushed is meant, rather than what the card will read there later.
    boolean later = found > at && memory.steady(said.tlp.firstByteAddress(), said.wanted());
    if (found < 0 || later) {
      return null;
    }
    take(found);
    Exchange exchange = score.get(found).exchange();
    exchange.tag = said.tlp.tag();
    exchange.requesterId = said.tlp.requesterId();
    return exchange;
  }

  /** What was pushed to the card, as far as it was said. */
  PushedMemory memory() {
    return memory;
  }

  /** Nobody waits any longer for a read that a push may have made needless. */
  void spare(int index) {
    if (!done[index]) {
      spared++;
      take(index);
    }
  }

  /** Reads of pushed memory that the card did not do again. */
  long spared() {
    return spared;
  }

  /**
   * Data for a read that the card cuts otherwise than it did, or that a push had spared it: taken
   * from what was pushed, and from the beginnings of what is left of reads that are still awaited.
   *
   * @return null when the capture does not have all of it
   */
  byte[] compose(Said said) {
    long at = said.tlp.firstByteAddress();
    byte[] data = new byte[said.wanted()];
    int have = 0;
    while (have < data.length) {
      int found = memory.live(at + have, data.length - have) ? -1 : beginning(at + have);
      if (found < 0) {
        int known = memory.known(at + have, data.length - have);
        if (known == 0) {
          return null;
        }
        System.arraycopy(memory.take(at + have, known), 0, data, have, known);
        have += known;
        continue;
      }
      Exchange from = score.get(found).exchange();
      int bytes = Math.min(from.data.length - from.taken, data.length - have);
      System.arraycopy(from.data, from.taken, data, have, bytes);
      from.taken += bytes;
      from.inParts = true;
      have += bytes;
      if (from.taken == from.data.length) {
        take(found);
      }
    }
    return data;
  }

  private int beginning(long address) {
    for (int i = first; i < Math.min(first + WINDOW, done.length); i++) {
      Note note = score.get(i);
      if (note.part() == Part.CARD_READ && !done[i]) {
        Exchange exchange = note.exchange();
        boolean usable = exchange.answered() && exchange.status == 0 && exchange.tag < 0;
        if (usable
            && exchange.request.isRead()
            && exchange.request.tlp.firstByteAddress() + exchange.taken == address) {
          return i;
        }
      }
    }
    return -1;
  }

  private int find(Part part, Said said, boolean withData) {
    for (int i = first; i < Math.min(first + WINDOW, done.length); i++) {
      Note note = score.get(i);
      if (note.part() == part
          && !done[i]
          && (withData ? note.said().same(said) : note.said().sameButForData(said))
          && (note.exchange() == null || note.exchange().taken == 0)) {
        return i;
      }
    }
    return -1;
  }

  private void take(int found) {
    done[found] = true;
    same++;
    moved += awaitedBefore(found) ? 1 : 0;
    while (first < done.length && (done[first] || !awaited(score.get(first).part()))) {
      first++;
    }
  }

  private boolean awaitedBefore(int index) {
    for (int i = first; i < index; i++) {
      Part part = score.get(i).part();
      if (!done[i] && part == score.get(index).part()) {
        return true;
      }
    }
    return false;
  }

  private static boolean awaited(Part part) {
    return part == Part.CARD_READ || part == Part.CARD_POSTED;
  }

  /** Nobody waits any longer for what stands there. */
  void giveUp(int index) {
    Note note = score.get(index);
    done[index] = true;
    if (note.part() == Part.CARD_ANSWER) {
      Said request = note.exchange().request;
      asked.remove(request.tlp.tag(), note.exchange());
      String then = Exchange.words(note.exchange().status, note.exchange().data);
      findings.add(Difference.Kind.NO_ANSWER, index, request.words(), then, "");
    } else {
      findings.add(Difference.Kind.MISSING, index, note.said().words(), note.said().line(), "");
    }
  }
}
