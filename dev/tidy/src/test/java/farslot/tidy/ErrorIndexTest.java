package farslot.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the guide's error index quotes, somebody says: a message that is worded anew takes its entry
 * along.
 */
class ErrorIndexTest {
  private static final String PAGE = "docs/guide/errors.md";
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  /** Where a message has a name, a number, an address or something left out. */
  private static final Pattern FILLED_IN =
      Pattern.compile("\\.\\.\\.|'[^']*'|\\S*\\d\\S*|\\S+/\\S+|\\[|\\]|\\b(viewer|operator)\\b");

  /** Shorter pieces would be found anywhere. */
  private static final int CHARS_LEAST = 8;

  private final List<SourceFile> files = SourceFile.all();

  @Test
  void everyMessageOfTheIndexIsSaidSomewhere() {
    List<String> pieces = pieces();
    assertTrue(pieces.size() > 15, "the index was not read: " + pieces);
    List<String> said =
        files.stream().filter(SourceFile::isMain).map(SourceFile::text).map(this::joined).toList();
    List<String> unsaid =
        pieces.stream().filter(piece -> said.stream().noneMatch(t -> t.contains(piece))).toList();
    assertEquals(List.of(), unsaid, PAGE + " quotes what nobody says");
  }

  /** Without the seams of texts that go over several lines. */
  private String joined(String code) {
    return code.replaceAll("\"\\s*\\+\\s*\"", "");
  }

  private List<String> pieces() {
    SourceFile page = files.stream().filter(each -> each.path().equals(PAGE)).findFirst().get();
    return page.text()
        .lines()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| status"))
        .flatMap(this::messages)
        .flatMap(message -> Stream.of(FILLED_IN.split(message)))
        .map(String::strip)
        .map(piece -> piece.replaceFirst("^[,;:] ?", ""))
        .filter(piece -> piece.length() >= CHARS_LEAST)
        .toList();
  }

  /** Of the first table the second column, of the other the first. */
  private Stream<String> messages(String line) {
    String[] cells = line.split("\\|");
    String cell = cells[1].matches(" \\d.*") ? cells[2] : cells[1];
    return QUOTED.matcher(cell).results().map(MatchResult::group).map(m -> m.replace("`", ""));
  }
}
