package farslot.config;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A program's configuration as a tree that is read with checks. Whatever is wrong ends in a {@link
 * ConfigException} with one message: which file, which key, what is expected there.
 */
public final class ConfigFile {
  /** Configuration files are small; a disk image given by mistake is not read. */
  private static final long BYTES_MAX = 1 << 20;

  /** Names become file names and appear in messages, on the wire and in command lines. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|)");

  private ConfigFile() {}

  /** What reads a configuration, and may find it wrong. */
  public interface Reader<T> {
    T read(CardConfig root) throws CardConfigException;
  }

  /**
   * Reads a YAML file.
   *
   * @throws ConfigException with everything that a person needs to put it right
   */
  public static <T> T read(Path file, Reader<T> reader) {
    return read(file.toString(), parse(file), reader);
  }

  /**
   * Reads values that came from elsewhere, such as a command line.
   *
   * @param where how a person finds them
   */
  public static <T> T read(String where, Map<String, ?> values, Reader<T> reader) {
    CardConfig root = new CardConfig(where, values);
    try {
      T result = reader.read(root);
      root.finish();
      return result;
    } catch (CardConfigException e) {
      throw wrong(e);
    }
  }

  /** The same, as who reads the file wants to see it: the file, and then the way inside it. */
  public static ConfigException wrong(CardConfigException e) {
    return new ConfigException(e.getMessage().replaceFirst("\\.(?=\\w+\\[\\d+])", ": "));
  }

  /**
   * What a YAML file says, unchecked: for a program that gives parts of it to others to read.
   *
   * @throws ConfigException when it cannot be read, or is no {@code key: value} lines
   */
  public static Map<String, Object> values(Path file) {
    return new LinkedHashMap<>(parse(file));
  }

  private static Map<String, ?> parse(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new ConfigException(file + ": too large for a configuration file");
      }
      YAMLMapper mapper =
          YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
      String text = Files.readString(file);
      Object tree = text.isBlank() ? null : mapper.readValue(text, Object.class);
      if (tree == null) {
        return Map.of();
      }
      if (!(tree instanceof Map<?, ?> map)) {
        throw new ConfigException(file + ": should be 'key: value' lines");
      }
      Map<String, Object> values = new LinkedHashMap<>();
      map.forEach((key, value) -> values.put(String.valueOf(key), value));
      return values;
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": no such file");
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new ConfigException(file + ": line " + line + ": " + firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + e);
    }
  }

  private static String firstLine(String message) {
    return message == null ? "not YAML" : message.lines().findFirst().orElse("not YAML");
  }

  /** A name: letters, digits, dots, dashes and underscores, 1 to 64, a letter or digit first. */
  public static String name(CardConfig config, String key) throws CardConfigException {
    String name = config.string(key);
    if (!NAME.matcher(name).matches()) {
      throw config.wrong(key, "1 to 64 letters, digits, dots, dashes or underscores");
    }
    return name;
  }

  /** A duration such as {@code 500ms}, {@code 30s}, {@code 2m}, in nanoseconds; or otherwise. */
  public static long duration(CardConfig config, String key, long otherwiseNs, long maxNs)
      throws CardConfigException {
    if (!config.has(key)) {
      return otherwiseNs;
    }
    String text = config.string(key).trim().toLowerCase(Locale.ROOT);
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long unitNs =
          switch (matcher.group(2)) {
            case "ms" -> 1_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 1_000_000_000L;
          };
      long value = Long.parseLong(matcher.group(1));
      if (value > 0 && value <= maxNs / unitNs) {
        return value * unitNs;
      }
    }
    throw config.wrong(
        key, "a duration above 0 such as 500ms or 30s, at most " + maxNs / 1_000_000_000L + "s");
  }

  /**
   * One value or a list of 1 to {@code max} different ones, each read by {@code parser}.
   *
   * @param parser throws IllegalArgumentException with what is wrong, in words
   */
  public static <T> List<T> each(CardConfig config, String key, int max, Function<String, T> parser)
      throws CardConfigException {
    List<T> all = new ArrayList<>();
    for (String text : config.strings(key)) {
      try {
        T value = parser.apply(text);
        if (all.contains(value)) {
          throw new IllegalArgumentException("'" + text + "' is there twice");
        }
        all.add(value);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(config.where() + ": '" + key + "': " + e.getMessage());
      }
    }
    if (all.isEmpty() || all.size() > max) {
      throw config.wrong(key, "one address or a list of 1 to " + max);
    }
    return List.copyOf(all);
  }

  /** The entries of a list where a plain word stands for {@code name: word}. */
  public static Map<String, ?> namesAsMaps(Map<String, ?> values, String key) {
    if (!(values.get(key) instanceof List<?> items)) {
      return values;
    }
    List<Object> entries = new ArrayList<>();
    for (Object item : items) {
      boolean plain = item instanceof String || item instanceof Number;
      entries.add(plain ? Map.of("name", String.valueOf(item)) : item);
    }
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.put(key, entries);
    return all;
  }

  /** As {@link #read(Path, Reader)}, with {@link #namesAsMaps} for one key. */
  public static <T> T read(Path file, String listOfNames, Reader<T> reader) {
    return read(file.toString(), namesAsMaps(parse(file), listOfNames), reader);
  }
}
