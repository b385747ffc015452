package farslot.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tables, numbers, diffs, and what is known of the terminal. */
class OutputTest {
  private static Terminal wide(int columns) {
    return new Terminal(true, true, true, columns, 24, false);
  }

  private static Terminal said(String words, Map<String, String> environment) {
    Properties properties = new Properties();
    properties.setProperty("farslot.terminal", words);
    return Terminal.of(properties, environment);
  }

  @Test
  void numbersAsPeopleReadThem() {
    assertThat(Units.size(0)).isEqualTo("-");
    assertThat(Units.size(1023)).isEqualTo("1023 B");
    assertThat(Units.size(10L << 30)).isEqualTo("10 GiB");
    assertThat(Units.size(1536L << 30)).isEqualTo("1.50 TiB");
    assertThat(Units.size(Long.MAX_VALUE)).isEqualTo("8 EiB");
    assertThat(Units.bytesPerSecond(0)).isEqualTo("0 B/s");
    assertThat(Units.bytesPerSecond(999.96)).isEqualTo("1.00 kB/s");
    assertThat(Units.bytesPerSecond(1.25e9)).isEqualTo("1.25 GB/s");
    assertThat(Units.count(36_400)).isEqualTo("36.4 k");
    assertThat(Units.latency(0)).isEqualTo("-");
    assertThat(Units.latency(31_200)).isEqualTo("31.2 us");
    assertThat(Units.latency(2_400_000)).isEqualTo("2.40 ms");
    assertThat(Units.latency(1_200_000_000)).isEqualTo("1.20 s");
    assertThat(Units.age(Duration.ofSeconds(-3))).isEqualTo("0s");
    assertThat(Units.age(Duration.ofSeconds(119))).isEqualTo("119s");
    assertThat(Units.age(Duration.ofMinutes(130))).isEqualTo("2h10m");
    assertThat(Units.age(Duration.ofDays(12))).isEqualTo("12d");
  }

  @Test
  void whatIsWideTakesTwoColumnsAndNothingIsObeyed() {
    Table table = new Table(List.of(Column.of("NAME").least(4), Column.of("X")));
    table.add("\u65e5\u672c\u8a9e", "1");
    table.add("e\u0301a", "2");
    table.add("a\033[31m\nb\u202e", "3");
    assertThat(table.lines(wide(80), false))
        .containsExactly(
            "NAME       X", "\u65e5\u672c\u8a9e     1", "e\u0301a         2", "a?[31m?b?  3");
    assertThat(table.lines(wide(8), false)).contains("\u65e5\u672c~  1");
  }

  @Test
  void whatSomebodyMayHaveMeant() {
    List<String> names = List.of("list", "lspci", "wait", "rack1/disk0", "rack1/disk1");
    assertThat(Near.to("lsit", names)).contains("list");
    assertThat(Near.to("LIST", names)).contains("list");
    assertThat(Near.to("rack1/diks1", names)).contains("rack1/disk1");
    assertThat(Near.to("rack7/nic", names)).isEmpty();
    assertThat(Near.to("", names)).isEmpty();
    assertThat(Near.to("x".repeat(100_000), names)).isEmpty();
  }

  @Test
  void tablesFitTheScreen() {
    Table table =
        new Table(
            List.of(
                Column.of("NAME"),
                Column.number("SIZE"),
                Column.of("LESS").need(0),
                Column.of("WORDS").least(8),
                Column.of("MORE").onlyWide()));
    table.add("a", "1", "x", "many words that take room", "m");
    table.add("longer", "100", "y", "few", "n");
    assertThat(table.lines(wide(80), false))
        .containsExactly(
            "NAME    SIZE  LESS  WORDS",
            "a          1  x     many words that take room",
            "longer   100  y     few");
    assertThat(table.lines(wide(36), false))
        .containsExactly(
            "NAME    SIZE  LESS  WORDS",
            "a          1  x     many words that~",
            "longer   100  y     few");
    assertThat(table.lines(wide(24), false))
        .containsExactly("NAME    SIZE  WORDS", "a          1  many word~", "longer   100  few");
    assertThat(table.lines(wide(20), true).get(1)).endsWith("room  m");
    assertThat(table.lines(Terminal.NONE, false).get(1)).endsWith("take room");
    assertThat(new Table("A", "B").lines(wide(80), false)).isEmpty();
  }

  @Test
  void noLineIsWiderThanTheScreenWhereColumnsMayBeCut() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      Table table = new Table(List.of(Column.of("A").least(3), Column.of("B").least(3)));
      for (int row = 0; row < 5; row++) {
        table.add("x".repeat(random.nextInt(60)), "ä".repeat(random.nextInt(60)));
      }
      int columns = 20 + random.nextInt(80);
      for (String line : table.lines(wide(columns), false)) {
        assertThat(line.length()).isLessThanOrEqualTo(columns);
      }
    }
  }

  @Test
  void coloursAreForPeopleWhoWantThem() {
    assertThat(said("ioe 40 120", Map.of()))
        .isEqualTo(new Terminal(true, true, true, 120, 40, true));
    assertThat(said("-", Map.of()).outColoured()).isFalse();
    assertThat(said("-e 24 80", Map.of()).outColoured()).isFalse();
    assertThat(said("-e 24 80", Map.of()).errColoured()).isTrue();
    assertThat(said("ioe 24 80", Map.of("NO_COLOR", "1")).outColoured()).isFalse();
    assertThat(said("ioe 24 80", Map.of("NO_COLOR", "")).outColoured()).isTrue();
    assertThat(said("ioe 24 80", Map.of("TERM", "dumb")).outColoured()).isFalse();
    for (String odd : List.of("ioe", "ioe ", "ioe x y", "ioe 0 0", "ioe -1 99999999")) {
      assertThat(said(odd, Map.of()).columns()).as(odd).isEqualTo(80);
    }
    assertThat(said("ioe 24 3", Map.of()).columns()).isEqualTo(20);
  }

  @Test
  void diffsSayWhatChanges() {
    assertThat(Diff.unified("a", "x\n", "b", "x\n")).isEmpty();
    String before = lines(1, 20);
    String after = before.replace("line 3\n", "").replace("line 17\n", "line 17\nnew\n");
    assertThat(Diff.unified("a", before, "b", after))
        .containsExactly(
            "--- a",
            "+++ b",
            "@@ -1,6 +1,5 @@",
            " line 1",
            " line 2",
            "-line 3",
            " line 4",
            " line 5",
            " line 6",
            "@@ -15,6 +14,7 @@",
            " line 15",
            " line 16",
            " line 17",
            "+new",
            " line 18",
            " line 19",
            " line 20");
  }

  /** What stands in a diff makes one text of the other. */
  @Test
  void diffsAreWhole() {
    Random random = new Random(11);
    for (int i = 0; i < 300; i++) {
      List<String> before =
          random.ints(random.nextInt(12), 0, 4).mapToObj(each -> "" + each).toList();
      List<String> after =
          random.ints(random.nextInt(12), 0, 4).mapToObj(each -> "" + each).toList();
      List<String> diff =
          Diff.unified("a", String.join("\n", before), "b", String.join("\n", after));
      long gone = diff.stream().skip(2).filter(each -> each.startsWith("-")).count();
      long come = diff.stream().skip(2).filter(each -> each.startsWith("+")).count();
      assertThat(before.size() - gone + come).isEqualTo(after.size());
      assertThat(diff.isEmpty()).isEqualTo(before.equals(after));
    }
  }

  private static String lines(int from, int to) {
    StringBuilder all = new StringBuilder();
    IntStream.rangeClosed(from, to).forEach(each -> all.append("line ").append(each).append('\n'));
    return all.toString();
  }
}
