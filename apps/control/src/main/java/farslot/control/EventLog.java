package farslot.control;

import farslot.link.LinkEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * What happens on a link, as lines of a log. Lines that differ in numbers only are alike: a rail
 * that flaps, or a stranger who connects a thousand times, gets a few of them and then one at a
 * time, which says how many were left out. On the data thread only.
 */
public final class EventLog {
  /** Lines alike that are written at once. */
  static final int BURST = 8;

  /** Later one in so long. */
  static final long PAUSE_NS = 10_000_000_000L;

  /** Kinds of line that are remembered; the one that was seen longest ago is forgotten first. */
  static final int KINDS_MAX = 256;

  /** Numbers, decimal or hexadecimal, with which session ids, ports and times differ. */
  private static final Pattern NUMBER = Pattern.compile("[0-9a-f]*[0-9][0-9a-f]*");

  private static final class Kind {
    private int left = BURST;
    private long nextNs;
    private int leftOut;
    private Level level;
    private String last;
  }

  private final Logger log;
  private final LongSupplier clock;
  private final Map<String, Kind> kinds = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param clock monotonic nanoseconds
   */
  public EventLog(Logger log, LongSupplier clock) {
    this.log = log;
    this.clock = clock;
  }

  /** Writes it, unless too many like it were written lately. */
  public void write(Level level, LinkEvent event) {
    if (!log.isLoggable(level)) {
      return;
    }
    long nowNs = clock.getAsLong();
    tellLeftOut(nowNs);
    String line = event.words();
    Kind kind = kinds.computeIfAbsent(NUMBER.matcher(line).replaceAll("#"), _ -> new Kind());
    if (kind.nextNs != 0 && nowNs - kind.nextNs >= 0) {
      kind.left = kind.leftOut > 0 ? 1 : BURST;
    }
    kind.level = level;
    kind.last = line;
    if (kind.left > 0) {
      kind.left--;
      kind.nextNs = nowNs + PAUSE_NS;
      log.log(level, () -> kind.leftOut == 0 ? line : line + more(kind.leftOut));
      kind.leftOut = 0;
    } else {
      kind.leftOut++;
    }
    forgetOldest();
  }

  /** What was left out of a series that is over. */
  private void tellLeftOut(long nowNs) {
    for (Kind kind : kinds.values()) {
      if (kind.leftOut > 0 && nowNs - kind.nextNs >= PAUSE_NS) {
        log.log(kind.level, kind.last + more(kind.leftOut - 1));
        kind.leftOut = 0;
        kind.left = BURST;
      }
    }
  }

  int kinds() {
    return kinds.size();
  }

  private static String more(int count) {
    return count == 0 ? "" : " (and %d more like this)".formatted(count);
  }

  private void forgetOldest() {
    if (kinds.size() > KINDS_MAX) {
      Iterator<Kind> oldest = kinds.values().iterator();
      oldest.next();
      oldest.remove();
    }
  }
}
