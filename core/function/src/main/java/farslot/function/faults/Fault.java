package farslot.function.faults;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One fault as it was ordered: what goes wrong, with what, how often.
 *
 * @param kind what goes wrong
 * @param on with which traffic; empty for what needs none
 * @param bar only in this BAR, 0 to 5; {@link #ANY} for all. Of reads and writes of BARs
 * @param from first byte that is concerned: an offset in the BAR or in configuration space, of DMA
 *     an address, of interrupts a vector
 * @param to last byte that is concerned
 * @param skip how many that match go by unharmed first
 * @param count how often it strikes at most; {@link #FOREVER} without end
 * @param percent how likely it strikes each time, above 0 to 100
 * @param forNs how long it lasts, nanoseconds; {@link #FOREVER} until it is cleared. Of a link that
 *     is down, how long it is
 * @param delayNs of a delay, nanoseconds
 * @param perSecond of a flood, interrupts a second
 * @param vector of a flood, the vector
 * @param seed of what is left to chance
 */
public record Fault(
    FaultKind kind,
    Set<Traffic> on,
    int bar,
    long from,
    long to,
    long skip,
    long count,
    double percent,
    long forNs,
    long delayNs,
    int perSecond,
    int vector,
    long seed) {
  public static final int ANY = -1;
  public static final long FOREVER = Long.MAX_VALUE;

  /** Of a time that has not been said yet. */
  static final long UNKNOWN = Long.MIN_VALUE;

  public static final long DELAY_NS_MAX = 60_000_000_000L;
  public static final long FOR_NS_MAX = 86_400_000_000_000L;
  public static final int PER_SECOND_MAX = 1_000_000;
  private static final int VECTOR_MAX = 2047;
  private static final int BAR_MAX = 5;
  private static final long LINK_DOWN_NS = 1_000_000_000;
  private static final int PER_SECOND = 1000;

  public Fault {
    on = Set.copyOf(on);
  }

  /**
   * A fault of this kind with everything that it can concern, always, until it is cleared; of
   * delays 10 ms, of floods 1000 a second of vector 0, of a link that is down 1 s.
   */
  public static Fault of(FaultKind kind) {
    try {
      return read(new CardConfig("fault", Map.of("kind", kind.word())));
    } catch (CardConfigException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Reads {@code kind}, {@code on} (a list), {@code bar}, {@code offset} (one or {@code
   * FIRST..LAST}), {@code skip}, {@code count}, {@code probability} (percent), {@code for}, {@code
   * delay}, {@code rate}, {@code vector}, {@code seed}.
   *
   * @throws CardConfigException with what is wrong, and what could stand there
   */
  public static Fault read(CardConfig config) throws CardConfigException {
    FaultKind kind = word(config, "kind", FaultKind.values());
    if (kind == null) {
      throw new CardConfigException(
          config.where() + ": 'kind' is missing: one of " + words(FaultKind.values()));
    }
    Set<Traffic> on = traffic(config, kind);
    int bar = (int) config.number("bar", ANY, 0, BAR_MAX);
    long[] range = range(config);
    long forNs =
        Durations.of(
            config, "for", kind == FaultKind.LINK_DOWN ? LINK_DOWN_NS : FOREVER, FOR_NS_MAX);
    Fault fault =
        new Fault(
            kind,
            on,
            bar,
            range[0],
            range[1],
            config.number("skip", 0, 0, Long.MAX_VALUE),
            config.number("count", kind.takesAway() ? 1 : FOREVER, 1, FOREVER),
            percent(config),
            forNs,
            kind == FaultKind.DELAY ? Durations.of(config, "delay", 10_000_000, DELAY_NS_MAX) : 0,
            kind == FaultKind.FLOOD
                ? (int) config.number("rate", PER_SECOND, 1, PER_SECOND_MAX)
                : 0,
            kind == FaultKind.FLOOD ? (int) config.number("vector", 0, 0, VECTOR_MAX) : 0,
            config.number("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE));
    config.finish();
    fault.requireSense(config);
    return fault;
  }

  private void requireSense(CardConfig config) throws CardConfigException {
    boolean narrowed = bar != ANY || config.has("offset");
    if (on.isEmpty() && (narrowed || skip > 0 || config.has("probability"))) {
      throw new CardConfigException(
          "%s: a fault '%s' begins at once; with 'on' it would wait for traffic that matches"
              .formatted(config.where(), kind.word()));
    }
    if (bar != ANY
        && !on.stream().allMatch(each -> each == Traffic.READ || each == Traffic.WRITE)) {
      throw new CardConfigException(
          config.where()
              + ": 'bar' goes with 'on: read' and 'on: write' only; DMA has addresses: use 'offset'");
    }
    if (kind == FaultKind.REMOVE && forNs != FOREVER) {
      throw new CardConfigException(
          config.where()
              + ": a removed function stays away until cleared; 'link-down' takes 'for'");
    }
  }

  private static Set<Traffic> traffic(CardConfig config, FaultKind kind)
      throws CardConfigException {
    Set<Traffic> on = EnumSet.noneOf(Traffic.class);
    for (String each : config.strings("on")) {
      Traffic traffic = find(each, Traffic.values());
      if (traffic == null || !kind.possible().contains(traffic)) {
        Traffic[] possible = kind.possible().toArray(Traffic[]::new);
        throw config.wrong(
            "on",
            possible.length == 0
                ? "left out: '" + kind.word() + "' needs no traffic"
                : "for '" + kind.word() + "' some of " + words(possible));
      }
      on.add(traffic);
    }
    if (on.isEmpty() && !kind.takesAway() && kind != FaultKind.FLOOD) {
      on.addAll(usual(kind));
    }
    return on;
  }

  /** Configuration space and DMA are left alone unless they are asked for by name. */
  private static Set<Traffic> usual(FaultKind kind) {
    if (kind.possible().contains(Traffic.READ)) {
      return Set.of(Traffic.READ);
    }
    return kind == FaultKind.DROP ? Set.of(Traffic.INTERRUPT) : kind.possible();
  }

  private static long[] range(CardConfig config) throws CardConfigException {
    if (!config.has("offset")) {
      return new long[] {0, Long.MAX_VALUE};
    }
    String text = config.string("offset");
    int dots = text.indexOf("..");
    try {
      long from = Long.decode((dots < 0 ? text : text.substring(0, dots)).trim());
      long to = dots < 0 ? from : Long.decode(text.substring(dots + 2).trim());
      if (from >= 0 && to >= from) {
        return new long[] {from, to};
      }
    } catch (NumberFormatException e) {
      // Falls through to the same advice.
    }
    throw config.wrong("offset", "a number, or a first and a last one as in 0x1000..0x1fff");
  }

  private static double percent(CardConfig config) throws CardConfigException {
    String text = config.string("probability", "100").trim();
    try {
      double value = Double.parseDouble(text.endsWith("%") ? cut(text) : text);
      if (value > 0 && value <= 100) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same advice.
    }
    throw config.wrong("probability", "percent, above 0 to 100");
  }

  private static String cut(String text) {
    return text.substring(0, text.length() - 1);
  }

  private static <E extends Enum<E>> E word(CardConfig config, String key, E[] all)
      throws CardConfigException {
    if (!config.has(key)) {
      return null;
    }
    E found = find(config.string(key), all);
    if (found == null) {
      throw config.wrong(key, "one of " + words(all));
    }
    return found;
  }

  private static <E extends Enum<E>> E find(String word, E[] all) {
    String name = word.trim().toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(all).filter(each -> each.name().equals(name)).findFirst().orElse(null);
  }

  private static String words(Enum<?>[] all) {
    return Arrays.stream(all)
        .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(Collectors.joining(", "));
  }

  /** Whether something at this place is concerned. */
  boolean concerns(Traffic traffic, int inBar, long first, long bytes) {
    return on.contains(traffic)
        && (bar == ANY || bar == inBar)
        && Long.compareUnsigned(first, to) <= 0
        && Long.compareUnsigned(first + Math.max(1, bytes) - 1, from) >= 0;
  }

  /** For people and machines, without what is as usual. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kind", kind.word());
    if (!on.isEmpty()) {
      List<String> words = new ArrayList<>();
      Arrays.stream(Traffic.values()).filter(on::contains).forEach(each -> words.add(each.word()));
      facts.put("on", words);
    }
    put(facts, "bar", bar, ANY);
    if (from != 0 || to != Long.MAX_VALUE) {
      facts.put("offset", "0x%x..0x%x".formatted(from, to));
    }
    put(facts, "skip", skip, 0);
    put(facts, "count", count, kind.takesAway() ? 1 : FOREVER);
    if (percent != 100) {
      facts.put("probability", percent);
    }
    put(facts, "for_ms", forNs == FOREVER ? 0 : forNs / 1_000_000, 0);
    put(facts, "delay_us", delayNs / 1000, 0);
    put(facts, "rate", perSecond, 0);
    put(facts, "vector", vector, 0);
    put(facts, "seed", seed, 0);
    return facts;
  }

  private static void put(Map<String, Object> facts, String key, long value, long usual) {
    if (value != usual) {
      facts.put(key, value);
    }
  }
}
