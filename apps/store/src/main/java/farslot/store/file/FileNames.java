package farslot.store.file;

import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** How the files of a store are called. */
final class FileNames {
  private static final Pattern NAME = Pattern.compile("(snapshot|log)\\.(\\d{1,18})(\\.new)?");

  private FileNames() {}

  static String snapshot(long generation) {
    return "snapshot." + generation;
  }

  static String log(long generation) {
    return "log." + generation;
  }

  /** A snapshot that is being written. */
  static String unfinished(long generation) {
    return snapshot(generation) + ".new";
  }

  /** Whether it is a name that a store gives. */
  static boolean ours(String name) {
    return NAME.matcher(name).matches();
  }

  /** The highest generation of which there is a snapshot. */
  static OptionalLong highestSnapshot(Set<String> names) {
    return generations(names, "snapshot").max();
  }

  static LongStream logs(Set<String> names) {
    return generations(names, "log");
  }

  private static LongStream generations(Set<String> names, String kind) {
    return names.stream()
        .map(NAME::matcher)
        .filter(Matcher::matches)
        .filter(each -> each.group(1).equals(kind) && each.group(3) == null)
        .mapToLong(each -> Long.parseLong(each.group(2)));
  }
}
