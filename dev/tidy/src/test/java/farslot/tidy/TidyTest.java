package farslot.tidy;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules of the house, read off every file of the repository. */
class TidyTest {
  private static final int LINES_MAX = 500;
  private static final int TEST_LINES_MAX = 700;

  /** Files that may be longer, for now: whoever adds to one splits it. Only ever shrink these. */
  private static final Map<String, Integer> LONGER = Map.of();

  private static final Pattern IMPORT = Pattern.compile("^import (?:static )?farslot\\.([\\w.]+)");

  /** The package of a type of ours, wherever it is named in full. */
  private static final Pattern PACKAGE = Pattern.compile("\\b(farslot(?:\\.[a-z]\\w*)+)\\.[A-Z]");

  /** What would make core depend on an operating system, a clock or chance. */
  private static final Map<String, String> NOT_IN_CORE =
      Map.ofEntries(
          Map.entry("\\bjava\\.net\\b", "sockets belong to host/"),
          Map.entry("\\bjava\\.nio\\.channels\\b", "channels belong to host/"),
          Map.entry("\\bjava\\.nio\\.file\\b", "files belong to host/"),
          Map.entry("\\bjava\\.io\\.File", "files belong to host/"),
          Map.entry("\\bnew Thread\\b|\\bThread\\.", "core has no threads; agents are given"),
          Map.entry("\\bSystem\\.(nanoTime|currentTimeMillis)\\b", "time is a parameter: Agent"),
          Map.entry("\\bjava\\.time\\b", "time is a parameter: Agent"),
          Map.entry("\\bMath\\.random\\b|\\bjava\\.util\\.Random\\b", "chance is a parameter"),
          Map.entry("\\bThreadLocalRandom\\b|\\bSecureRandom\\b", "chance is a parameter"));

  private static final Map<String, String> NOWHERE =
      Map.of(
          "\\bsun\\.misc\\b|\\bjdk\\.internal\\b", "no Unsafe, no internals",
          "\\.setAccessible\\(", "no reflection tricks",
          "\\.printStackTrace\\(", "log it, or let it go up",
          "\\bSystem\\.exit\\(", "only the command's main ends the process");

  private static final Pattern NATIVE =
      Pattern.compile(
          "\\bLinker\\b|\\bSymbolLookup\\b|\\.reinterpret\\(|\\bSystem\\.load(Library)?\\(");

  private static final Pattern PRINTS = Pattern.compile("\\bSystem\\.(out|err)\\b");

  /** Paths that exist on one person's machine only; put together so that this file passes. */
  private static final Pattern PRIVATE_PATH =
      Pattern.compile(
          "/"
              + "(home|Users)/[a-z]\\w*|(?<![\\w.}])/"
              + "(work|tmp/h)(/|\\b)(?!\\w)|[A-Z]:\\\\Users");

  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "^public (?:(?:abstract|final|sealed|non-sealed|strictfp) )*"
              + "(?:class|interface|enum|record|@interface) (\\w+)");

  private static final Set<String> PRINTERS = Set.of("apps/cli", "dev/bench", "dev/fuzz");

  private final List<SourceFile> files = SourceFile.all();
  private final List<String> wrong = new ArrayList<>();

  @Test
  void theRepositoryIsSeen() {
    assertTrue(files.stream().filter(SourceFile::isMain).count() > 50, "where are the sources?");
  }

  @Test
  void everyRoomHasItsRule() {
    java(file -> file.path().contains("/src/")).stream()
        .map(SourceFile::room)
        .distinct()
        .filter(room -> !Rooms.known(room))
        .forEach(room -> wrong.add(room + ": say in Rooms what this room may use"));
    done();
  }

  @Test
  void arrowsPointOneWay() {
    for (SourceFile file : java(file -> Rooms.known(file.room()))) {
      List<String> lines = file.code();
      for (int i = 0; i < lines.size(); i++) {
        Matcher matcher = IMPORT.matcher(lines.get(i));
        if (matcher.find() && !Rooms.permits(file.room(), matcher.group(1), !file.isMain())) {
          String used = "farslot." + matcher.group(1);
          wrong.add(file.at(i) + ": " + file.room() + " may not use " + used + " (see Rooms)");
        }
      }
    }
    done();
  }

  @Test
  void noRuleIsLooserThanTheCode() {
    Map<String, Set<String>> used = new TreeMap<>();
    for (SourceFile file : java(file -> Rooms.known(file.room()))) {
      Set<String> parts = used.computeIfAbsent(file.room(), room -> new TreeSet<>());
      file.code().stream()
          .map(IMPORT::matcher)
          .filter(Matcher::find)
          .map(matcher -> matcher.group(1).replaceAll("\\..*", ""))
          .forEach(parts::add);
    }
    used.forEach(
        (room, parts) -> {
          Set<String> idle = new TreeSet<>(Rooms.permitted(room));
          idle.removeAll(parts);
          if (!idle.isEmpty()) {
            wrong.add(room + ": does not use " + idle + "; take that out of Rooms");
          }
        });
    done();
  }

  @Test
  void packagesUseEachOtherOneWay() {
    Map<String, Set<String>> used = new TreeMap<>();
    for (SourceFile file : java(file -> file.isMain() && !file.isModule())) {
      Set<String> others = used.computeIfAbsent(file.javaPackage(), name -> new TreeSet<>());
      file.code().stream()
          .flatMap(line -> PACKAGE.matcher(line).results())
          .forEach(found -> others.add(found.group(1)));
      others.remove(file.javaPackage());
    }
    for (List<String> cycle : Cycles.of(used)) {
      wrong.add(String.join(" -> ", cycle) + ": packages that use each other; one of them is two");
    }
    done();
  }

  @Test
  void coreKnowsNoOperatingSystemClockOrChance() {
    List<SourceFile> core = java(file -> file.isMain() && file.path().startsWith("core/"));
    NOT_IN_CORE.forEach((pattern, why) -> forbid(core, Pattern.compile(pattern), why));
    done();
  }

  @Test
  void onlyLinuxCallsNativeCode() {
    List<SourceFile> others = java(file -> file.isMain() && !file.room().equals("host/linux"));
    forbid(others, NATIVE, "native access is host/linux's alone");
    done();
  }

  @Test
  void onlyCommandsPrint() {
    List<SourceFile> others = java(file -> file.isMain() && !PRINTERS.contains(file.room()));
    forbid(others, PRINTS, "use System.Logger; standard output belongs to the command");
    done();
  }

  @Test
  void noTricks() {
    List<SourceFile> main =
        java(file -> file.isMain() && !file.path().endsWith("farslot/cli/Main.java"));
    NOWHERE.forEach((pattern, why) -> forbid(main, Pattern.compile(pattern), why));
    done();
  }

  @Test
  void filesAreShort() {
    for (SourceFile file : java(file -> true)) {
      int most = LONGER.getOrDefault(file.path(), file.isMain() ? LINES_MAX : TEST_LINES_MAX);
      if (file.lines().size() > most) {
        wrong.add(
            file.path() + ": " + file.lines().size() + " lines, at most " + most + "; split it");
      }
    }
    done();
  }

  @Test
  void noTabsNoTrailingBlanksAndANewlineAtTheEnd() {
    for (SourceFile file : files) {
      if (file.path().equals("LICENSE")) {
        continue;
      }
      boolean tabs = file.isJava() || file.path().endsWith(".xml") || file.path().endsWith(".md");
      List<String> lines = file.lines();
      for (int i = 0; i < lines.size(); i++) {
        if (tabs && lines.get(i).indexOf('\t') >= 0) {
          wrong.add(file.at(i) + ": a tab");
        }
        if (!lines.get(i).equals(lines.get(i).stripTrailing())) {
          wrong.add(file.at(i) + ": blanks at the end");
        }
      }
      if (!file.text().isEmpty() && !file.text().endsWith("\n")) {
        wrong.add(file.path() + ": no newline at the end");
      }
      if (file.text().indexOf('\r') >= 0) {
        wrong.add(file.path() + ": carriage returns");
      }
    }
    done();
  }

  @Test
  void noPathOfOnePersonsMachine() {
    for (SourceFile file : files) {
      List<String> lines = file.lines();
      for (int i = 0; i < lines.size(); i++) {
        Matcher matcher = PRIVATE_PATH.matcher(lines.get(i));
        if (matcher.find()) {
          wrong.add(file.at(i) + ": " + matcher.group() + " exists on one machine only");
        }
      }
    }
    done();
  }

  @Test
  void publicTypesAndModulesAreDocumented() {
    for (SourceFile file : java(SourceFile::isMain)) {
      List<String> lines = file.lines();
      for (int i = 0; i < lines.size(); i++) {
        Matcher matcher = PUBLIC_TYPE.matcher(lines.get(i));
        boolean module = lines.get(i).matches("^(open )?module .*");
        if ((matcher.find() || module) && !documented(lines, i)) {
          wrong.add(file.at(i) + ": what is this? Say it in a /** comment */ above");
        }
      }
    }
    done();
  }

  @Test
  void packagesSayWhatTheyAre() {
    Set<String> folders = new TreeSet<>();
    Set<String> said = new TreeSet<>();
    for (SourceFile file : java(SourceFile::isMain)) {
      String folder = file.path().replaceAll("/[^/]*$", "");
      if (file.path().endsWith("/package-info.java")) {
        said.add(folder);
      } else if (!file.isModule()) {
        folders.add(folder);
      }
    }
    folders.removeAll(said);
    folders.forEach(folder -> wrong.add(folder + ": what is this? Say it in package-info.java"));
    done();
  }

  /** Whether a javadoc comment ends above, with nothing but annotations between. */
  private static boolean documented(List<String> lines, int at) {
    int above = at - 1;
    while (above >= 0 && (lines.get(above).startsWith("@") || lines.get(above).startsWith("  "))) {
      above--;
    }
    if (above < 0 || !lines.get(above).stripTrailing().endsWith("*/")) {
      return false;
    }
    while (above >= 0 && !lines.get(above).contains("/*")) {
      above--;
    }
    return above >= 0 && lines.get(above).startsWith("/**");
  }

  @Test
  void theLicenceIsThere() {
    String licence =
        files.stream()
            .filter(file -> file.path().equals("LICENSE"))
            .map(SourceFile::text)
            .findFirst()
            .orElse("");
    assertTrue(licence.contains("Apache License"), "LICENSE is not the Apache License");
    assertTrue(licence.contains("Version 2.0"), "LICENSE is not version 2.0");
  }

  private List<SourceFile> java(Predicate<SourceFile> which) {
    return files.stream().filter(SourceFile::isJava).filter(which).toList();
  }

  private void forbid(List<SourceFile> where, Pattern what, String why) {
    for (SourceFile file : where) {
      List<String> lines = file.code();
      for (int i = 0; i < lines.size(); i++) {
        Matcher matcher = what.matcher(lines.get(i));
        if (matcher.find()) {
          wrong.add(file.at(i) + ": '" + matcher.group() + "': " + why);
        }
      }
    }
  }

  private void done() {
    if (!wrong.isEmpty()) {
      fail(wrong.size() + " to put right:\n  " + String.join("\n  ", wrong));
    }
  }
}
