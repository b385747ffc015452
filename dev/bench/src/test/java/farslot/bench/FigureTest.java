package farslot.bench;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Rounded;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureTest {
  @Test
  void theMiddleOfAllRoundsCounts() {
    assertThat(rounds().median()).isNaN();
    assertThat(rounds(3).median()).isEqualTo(3);
    assertThat(rounds(3, 1).median()).isEqualTo(2);
    assertThat(rounds(9, 1, 2).median()).isEqualTo(2);
    assertThat(rounds(9, 1, 2).value()).isEqualTo(2);
    assertThat(rounds(9, 1, 2).low()).isEqualTo(1);
    assertThat(rounds(9, 1, 2).high()).isEqualTo(9);
  }

  @Test
  void whatAllRoundsSayTogetherCountsMore() {
    Rounded rounds = rounds(9, 1, 2);
    rounds.together(3);
    assertThat(rounds.value()).isEqualTo(3);
    assertThat(rounds.median()).isEqualTo(2);
    assertThat(new Figure("a", "words", rounds, Goal.atLeast(2.5), "").met()).isTrue();
  }

  @Test
  void whatWasNotMeasuredMeetsNoGoal() {
    assertThat(Goal.atLeast(1).met(Double.NaN)).isFalse();
    assertThat(Goal.atMost(1).met(Double.NaN)).isFalse();
    assertThat(Goal.atLeast(1).met(1)).isTrue();
    assertThat(Goal.atLeast(1).met(0.99)).isFalse();
    assertThat(Goal.atMost(100).met(101)).isFalse();
  }

  @Test
  void theTableSaysWhatWasMissedAndWhatCouldNotBeHad() {
    String table =
        table(
            new Figure("a", "good", rounds(2, 2, 2), Goal.atLeast(1.95), ""),
            new Figure("b", "bad", rounds(1), Goal.atLeast(1.95), ""),
            Figure.missing("c", "none", Goal.atMost(100), "no root"));
    assertThat(table).containsPattern("good +2\\.0000 +2\\.0000 +2\\.0000 +>= 1\\.95 +met");
    assertThat(table).containsPattern("bad .*MISSED");
    assertThat(table).containsPattern("none +- +- +- +<= 100 +not measured\\R +no root");
  }

  @Test
  void jsonHasNoNumberWhereThereIsNone() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Report report =
        new Report(
            Machine.now(),
            List.of(),
            List.of(),
            List.of(
                new Figure("a", "words", rounds(1, 2, 3), Goal.atLeast(1), ""),
                Figure.missing("b", "none", Goal.NONE, "he said \"no\"\n")));
    report.printJson(new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("\"a\": 2.0000,", "\"b\": null,", "he said \\\"no\\\"\\u000a")
        .contains("\"a\": {\"value\": 2.0000, \"goal\": \">= 1\", \"reached\": true}")
        .contains("\"low\": 1.0000, \"high\": 3.0000, \"rounds\": 3, \"goal\": \">= 1\"");
  }

  @Test
  void figuresOfOneQuestionStandTogether() {
    StringBuilder json = new StringBuilder();
    List<Figure> figures =
        List.of(
            new Figure("many_heap", "heap", rounds(3), Goal.atMost(4), ""),
            new Figure("many_threads", "threads", rounds(2), Goal.NONE, ""),
            Figure.missing("other", "other", Goal.atMost(1), "why"));
    FigureReport.group("many", figures, json);
    assertThat(json)
        .hasToString("  \"many\": {\"heap\": 3.0000, \"threads\": 2.0000, \"reached\": true},\n");
    FigureReport.group("none", figures, json.delete(0, json.length()));
    assertThat(json).isEmpty();
  }

  @Test
  void aRecordingIsWritten(@TempDir Path dir) throws Exception {
    Path file = dir.resolve("run.jfr");
    Profile.start(file).close();
    assertThat(Files.readAllBytes(file)).startsWith('F', 'L', 'R', 0);
  }

  private static String table(Figure... figures) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FigureReport.print(List.of(figures), new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Rounded rounds(double... values) {
    Rounded rounds = new Rounded();
    for (double value : values) {
      rounds.add(value);
    }
    return rounds;
  }
}
