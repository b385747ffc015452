package farslot.cards.uart16550.modem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines, parameters and results (V.250, 5 and 6). */
class CommandsTest {
  private static final String OK = "<>OK<>";
  private static final String ERROR = "<>ERROR<>";

  private final Terminal terminal = Terminal.alone();

  @Test
  void attentionAloneIsOkInEitherCase() {
    assertThat(terminal.at("AT")).isEqualTo(OK);
    assertThat(terminal.at("at")).isEqualTo(OK);
  }

  @Test
  void whatComesBeforeAttentionIsPassedOver() {
    terminal.type("xyz AAT");
    assertThat(terminal.text()).isEqualTo("xyz AAT");
    terminal.type("\r");
    assertThat(terminal.text()).isEqualTo("<" + OK);
  }

  @Test
  void editingTakesCharactersBack() {
    terminal.type("ATQ1\b\bV2\b1\r");
    assertThat(terminal.text()).endsWith(OK);
    assertThat(terminal.at("ATS3?")).isEqualTo("<>013<>" + OK);
    // Nothing is left to take back: the prefix stays.
    terminal.type("AT\b\b\bE0\r");
    assertThat(terminal.text()).endsWith(OK);
    terminal.type("AT\r");
    assertThat(terminal.text()).isEqualTo(OK);
  }

  @Test
  void controlCharactersInALineCountForNothing() {
    terminal.type("AT\nE\t\u00010\r");
    assertThat(terminal.text()).endsWith(OK);
    terminal.type("AT\r");
    assertThat(terminal.text()).isEqualTo(OK);
  }

  @Test
  void repeatDoesTheLastLineAgain() {
    terminal.at("ATI0");
    terminal.type("A/");
    assertThat(terminal.text()).isEqualTo("A/<>33600<>" + OK);
    terminal.type("a/");
    assertThat(terminal.text()).isEqualTo("a/<>33600<>" + OK);
  }

  @Test
  void echoCanBeTurnedOff() {
    assertThat(terminal.at("ATE0")).isEqualTo(OK);
    terminal.type("AT\r");
    assertThat(terminal.text()).isEqualTo(OK);
    terminal.type("ATE1\r");
    terminal.text();
    terminal.type("AT\r");
    assertThat(terminal.text()).isEqualTo("AT<" + OK);
  }

  @Test
  void quietSaysNothing() {
    assertThat(terminal.at("ATQ1")).isEmpty();
    assertThat(terminal.at("ATX9")).isEmpty();
    assertThat(terminal.at("ATQ0")).isEqualTo(OK);
  }

  @Test
  void numbersInsteadOfWords() {
    assertThat(terminal.at("ATV0")).isEqualTo("0<");
    assertThat(terminal.at("ATX9")).isEqualTo("4<");
    assertThat(terminal.at("ATA")).isEqualTo("3<");
    assertThat(terminal.at("ATI0")).isEqualTo("33600<>0<");
    assertThat(terminal.at("ATV1")).isEqualTo(OK);
  }

  @Test
  void resultsUseTheCharactersOfTheirRegisters() {
    assertThat(terminal.at("ATS4=46")).isEqualTo("<.OK<.");
    assertThat(terminal.at("ATS5=35")).isEqualTo("<.OK<.");
    terminal.type("ATX9###\r");
    assertThat(terminal.text()).endsWith("<.OK<.");
    terminal.type("ATS3=33\r");
    assertThat(terminal.text()).endsWith("!.OK!.");
    terminal.type("ATS3=13!");
    assertThat(terminal.text()).endsWith("<.OK<.");
  }

  @Test
  void aLineStopsAtItsFirstMistake() {
    assertThat(terminal.at("ATS7=30X7S7=40")).isEqualTo(ERROR);
    assertThat(terminal.at("ATS7?")).isEqualTo("<>030<>" + OK);
  }

  @Test
  void aMissingNumberIsNought() {
    assertThat(terminal.at("ATV")).isEqualTo("0<");
    assertThat(terminal.at("ATS7=V1S7?")).isEqualTo("<>000<>" + OK);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "2,43", "3,13", "4,10", "5,8", "7,50", "8,2", "10,14", "12,50", "30,0"})
  void registersHaveTheirValues(int register, int value) {
    assertThat(terminal.at("ATS" + register + "?")).isEqualTo("<>%03d<>".formatted(value) + OK);
  }

  @Test
  void registersAreSetAndRemembered() {
    assertThat(terminal.at("AT S 8 = 5 S8?")).isEqualTo("<>005<>" + OK);
    assertThat(terminal.at("ATS9S8")).isEqualTo(OK);
    assertThat(terminal.at("AT=7?")).isEqualTo("<>007<>" + OK);
    assertThat(terminal.at("ATS8=256")).isEqualTo(ERROR);
    assertThat(terminal.at("ATS256=1")).isEqualTo(ERROR);
    assertThat(terminal.at("ATS3=200")).isEqualTo(ERROR);
    assertThat(terminal.at("ATS99999999999999999999?")).isEqualTo(ERROR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ATE2",
        "ATX5",
        "ATV2",
        "ATQ9",
        "ATZ2",
        "AT&F9",
        "AT&C2",
        "AT&D4",
        "AT&K9",
        "AT&T1",
        "AT&W2",
        "ATH2",
        "ATJ",
        "AT&",
        "AT(",
        "AT*",
        "ATI10",
        "AT+",
        "AT+NONSENSE",
        "AT+NONSENSE=1",
        "AT&Z9=1",
        "AT&Z0",
        "ATDS=7",
        "ATDL",
        "AT+FTH=3",
        "AT+FCLASS=2",
        "AT+IFC=9",
        "AT+IFC=1,1,1",
        "AT\\Q7",
        "AT+FCLASS=0X4",
        "AT+IPR=1",
        "AT+MS=V99",
        "AT+FCLASS=",
        "ATE99999999999"
      })
  void whatIsUnknownIsAnError(String line) {
    assertThat(terminal.at(line)).isEqualTo(ERROR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // What comes with minicom, chat scripts of pppd, mgetty and efax.
        "AT S7=45 S0=0 L1 V1 X4 &c1 E1 Q0",
        "ATZ",
        "AT&F&C1&D2",
        "ATQ0 V1 E1 S0=0 &C1 &D2 +FCLASS=0",
        "ATE0Q0V1X4&C1&D2S0=0",
        "AT&F1&C1&D2\\Q3%E0",
        "ATM1L3X3B0N1W1Y0",
        "AT&FE&D2S7=120",
        "AT+FCLASS=0;+IFC=2,2;+ICF=3,3;+IPR=0;E1",
        "AT+DS=3,1;+ES=3,0,2;+MS=V34,1,300,33600;+DR=1",
        "AT+IFC=,1",
        "ATP",
        "ATT",
        "AT&V",
        "AT+FLO=2",
        "AT&K3\\N3",
        "AT+FCLASS=1;+FCLASS?",
      })
  void whatSoftwareSendsIsTaken(String line) {
    assertThat(terminal.at(line)).endsWith(OK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AT+GMI|Farslot",
        "AT+GCAP|+GCAP: +FCLASS,+MS,+ES,+DS",
        "AT+FCLASS=?|0,1",
        "AT+FCLASS?|0",
        "AT+IFC?|+IFC: 2,2",
        "AT+IFC=?|+IFC: (0-3),(0-2)",
        "AT+FTM=?|24,48,72,73,74,96,97,98,121,122,145,146",
        "AT+FRM=?|24,48,72,73,74,96,97,98,121,122,145,146",
        "AT+FTH=?|3",
        "AT+FRH=?|3",
        "AT+FTS=?|0-255",
        "AT+FRS=?|0-255",
        "AT+DR?|+DR: 0",
        "AT+ICF=?|+ICF: (0-6),(0-3)",
        "AT+ms?|+MS: V34,1,0,0,0,0",
        "AT+FMI?|Farslot",
        "ATI3|Farslot UART modem",
      })
  void questionsHaveAnswers(String line, String answer) {
    assertThat(terminal.at(line)).isEqualTo("<>" + answer + "<>" + OK);
  }

  @Test
  void extendedCommandsStandBesideBasicOnes() {
    assertThat(terminal.at("ATS7=9+FCLASS=1;S8=3+DR=1;+FCLASS?;S7?S8?"))
        .isEqualTo("<>1<><>009<><>003<>" + OK);
    assertThat(terminal.at("AT+FCLASS=0S7=8")).isEqualTo(ERROR);
  }

  @Test
  void flowControlHasThreeNames() {
    terminal.at("AT&K4");
    assertThat(terminal.at("AT+IFC?")).contains("+IFC: 1,1");
    terminal.at("AT\\Q3");
    assertThat(terminal.at("AT+IFC?")).contains("+IFC: 2,2");
    terminal.at("AT+IFC=0,0");
    assertThat(terminal.at("AT&V")).contains("+IFC=0,0");
    terminal.at("AT+IFC=,1");
    assertThat(terminal.at("AT+IFC?")).contains("+IFC: 0,1");
  }

  @Test
  void profilesAreKeptAndComeBack() {
    terminal.at("ATS7=99X1+DR=1;&W1");
    terminal.at("AT&F");
    assertThat(terminal.at("ATS7?")).contains("050");
    terminal.at("ATZ1");
    assertThat(terminal.at("ATS7?+DR?")).contains("099").contains("+DR: 1");
    terminal.at("ATZ");
    assertThat(terminal.at("ATS7?+DR?")).contains("050").contains("+DR: 0");
    assertThat(terminal.at("AT&V")).contains("S07:050");
  }

  @Test
  void restOfALineBehindResetIsDropped() {
    assertThat(terminal.at("ATZS7=1")).isEqualTo(OK);
    assertThat(terminal.at("ATS7?")).contains("050");
  }

  @Test
  void tenMegabytesWithoutAnEndAreOneError() {
    terminal.at("ATE0");
    byte[] much = new byte[10 << 20];
    Arrays.fill(much, (byte) 'X');
    terminal.type("AT");
    for (int sent = 0; sent < much.length; ) {
      sent += terminal.send(much, sent);
    }
    assertThat(terminal.text()).isEmpty();
    terminal.type("\r");
    assertThat(terminal.text()).isEqualTo(ERROR);
    assertThat(terminal.at("AT")).isEqualTo(OK);
  }

  @Test
  void tenMegabytesWithEchoWaitForWhoReadsThem() {
    terminal.appetite = 0;
    byte[] much = new byte[10 << 20];
    Arrays.fill(much, (byte) 'X');
    int sent = 0;
    int taken;
    do {
      taken = terminal.send(much, sent);
      terminal.agent.runTasks();
      sent += taken;
    } while (taken > 0);
    assertThat(sent).isLessThan(1 << 15);
    assertThat(terminal.cts).isFalse();
    terminal.appetite = Integer.MAX_VALUE;
    terminal.modem.resume();
    terminal.agent.runTasks();
    assertThat(terminal.rooms).isEqualTo(1);
    assertThat(terminal.cts).isTrue();
    assertThat(terminal.bytes()).hasSize(sent);
  }

  @Test
  void aLineOfTheLongestLengthIsTaken() {
    terminal.at("ATE0");
    String spaces = " ".repeat(ModemSpec.COMMAND_CHARACTERS_MAX - 2);
    assertThat(terminal.at("AT" + spaces + "Q0")).isEqualTo(OK);
    assertThat(terminal.at("AT" + spaces + "Q00")).isEqualTo(ERROR);
  }

  @Test
  void signalsOfAModemAtRest() {
    assertThat(terminal.cts).isTrue();
    assertThat(terminal.dsr).isTrue();
    assertThat(terminal.ri).isFalse();
    assertThat(terminal.dcd).isFalse();
    terminal.at("AT&C0&S1");
    assertThat(terminal.dcd).isTrue();
    assertThat(terminal.dsr).isFalse();
    terminal.at("AT&F");
    assertThat(terminal.dcd).isFalse();
    assertThat(terminal.dsr).isTrue();
  }

  @Test
  void withoutALineThereIsNoDialTone() {
    assertThat(terminal.at("ATDT123")).isEqualTo("<>NO DIALTONE<>");
    terminal.at("ATX3");
    assertThat(terminal.at("ATDT123")).isEqualTo("<>NO CARRIER<>");
  }
}
