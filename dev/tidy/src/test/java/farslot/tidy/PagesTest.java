package farslot.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What pages point to is there: files, headings, types and members that readers shall open. */
class PagesTest {
  /** A type as Java has them, in code: {@code FrameCheck}, {@code LinkSession.onRailDown}. */
  private static final Pattern TYPE =
      Pattern.compile("`([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]+)+)(?:\\.(\\w+))?[(`]");

  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|interface|record|enum) (\\w+)");

  /** PCI Express writes some of its words as Java writes types. */
  private static final Set<String> WORDS = Set.of("CplD", "CfgRd", "CfgWr");

  private final List<SourceFile> files = SourceFile.all();
  private final Map<String, Page> pages =
      files.stream()
          .filter(file -> file.path().endsWith(".md"))
          .collect(Collectors.toMap(SourceFile::path, Page::new));
  private final List<String> wrong = new ArrayList<>();

  @Test
  void linksLeadSomewhere() {
    Path root = SourceFile.root();
    pages.forEach(
        (path, page) -> {
          for (Page.Link link : page.links()) {
            String at = path + ":" + (link.line() + 1) + ": " + link.written();
            if (!Files.exists(root.resolve(link.path()))) {
              wrong.add(at + ": there is no " + link.path());
            } else if (!link.anchor().isEmpty() && !anchors(link.path()).contains(link.anchor())) {
              wrong.add(at + ": no such heading; there are " + anchors(link.path()));
            }
          }
        });
    assertThat(wrong).isEmpty();
    assertThat(pages.values().stream().map(Page::links).mapToInt(Collection::size).sum())
        .as("links that were looked at")
        .isGreaterThan(50);
  }

  private Set<String> anchors(String path) {
    return pages.containsKey(path) ? pages.get(path).anchors() : Set.of();
  }

  @Test
  void typesThatArePointedToAreThere() {
    Map<String, String> declared = new HashMap<>();
    for (SourceFile file : files) {
      if (file.isJava()) {
        DECLARED
            .matcher(file.text())
            .results()
            .forEach(match -> declared.merge(match.group(1), file.text(), String::concat));
      }
    }
    int seen = 0;
    for (Map.Entry<String, Page> page : pages.entrySet()) {
      List<String> lines = page.getValue().prose();
      for (int i = 0; i < lines.size(); i++) {
        for (MatchResult match : TYPE.matcher(lines.get(i)).results().toList()) {
          seen++;
          look(page.getKey() + ":" + (i + 1) + ": ", match, declared);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(seen).as("types that were looked for").isGreaterThan(100);
  }

  private void look(String where, MatchResult named, Map<String, String> declared) {
    String type = named.group(1);
    String member = Objects.requireNonNullElse(named.group(2), type);
    if (WORDS.contains(type)) {
      return;
    }
    if (!declared.containsKey(type)) {
      wrong.add(where + "no type is called " + type);
    } else if (!Pattern.compile("\\b" + member + "\\b").matcher(declared.get(type)).find()) {
      wrong.add(where + type + " has no " + member);
    }
  }
}
