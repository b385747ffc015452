package farslot.tidy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A page of documentation, as far as it points to others. */
final class Page {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*?)#*$");
  private static final Pattern ELSEWHERE = Pattern.compile("^[a-z]+:.*");

  /** What others write out of it lies elsewhere, and its links are seen from there. */
  private static final String TEMPLATE = "lab/compatibility.md";

  private final SourceFile file;
  private final Path folder;
  private final List<String> lines;

  Page(SourceFile file) {
    this.file = file;
    Path place = Path.of(file.path().equals(TEMPLATE) ? "docs/compatibility.md" : file.path());
    folder = place.getParent() == null ? Path.of("") : place.getParent();
    lines = withoutFences(file.lines());
  }

  /**
   * A link to a file of the repository.
   *
   * @param line of the page, from 0
   * @param written as the page has it
   * @param path from the repository's root
   * @param anchor of a heading there; empty for the page as a whole
   */
  record Link(int line, String written, String path, String anchor) {}

  /** The lines, with those of code blanked. */
  private static List<String> withoutFences(List<String> lines) {
    List<String> prose = new ArrayList<>();
    boolean code = false;
    for (String line : lines) {
      boolean fence = line.strip().startsWith("```");
      prose.add(fence || code ? "" : line);
      code ^= fence;
    }
    return prose;
  }

  List<String> prose() {
    return lines;
  }

  List<Link> links() {
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      for (MatchResult match : LINK.matcher(lines.get(i)).results().toList()) {
        if (!ELSEWHERE.matcher(match.group(1)).matches()) {
          links.add(link(i, match.group(1)));
        }
      }
    }
    return links;
  }

  private Link link(int line, String written) {
    String[] parts = written.split("#", 2);
    String path =
        parts[0].isEmpty() ? file.path() : folder.resolve(parts[0]).normalize().toString();
    return new Link(line, written, path.replace('\\', '/'), parts.length < 2 ? "" : parts[1]);
  }

  /** By which its headings are reached, as forges make them. */
  Set<String> anchors() {
    Set<String> anchors = new TreeSet<>();
    for (String line : lines) {
      HEADING.matcher(line).results().map(match -> anchor(match.group(1))).forEach(anchors::add);
    }
    return anchors;
  }

  private static String anchor(String heading) {
    return heading
        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .strip()
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
        .replace(' ', '-');
  }
}
