package farslot.cards.uart16550.modem;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.function.Call;
import farslot.testkit.FakeAgent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls: dialled, answered, escaped from, hung up on. */
class DataCallTest {
  private static final String GREETING = "FARSLOT-MODEM 1\r\n";
  private static final String OK = "<>OK<>";
  private static final String NO_CARRIER = "<>NO CARRIER<>";
  private static final String CONNECT = "<>CONNECT 115200<>";

  private final FakeAgent agent = new FakeAgent();
  private final Exchange exchange = new Exchange();
  private final Terminal a = new Terminal(agent, Terminal.config("100"), exchange, null);
  private final Terminal b = new Terminal(agent, Terminal.config("200"), exchange, null);

  private void connect() {
    a.at("ATE0");
    b.at("ATE0");
    a.type("ATDT200\r");
    b.until("RING", 100);
    b.type("ATA\r");
    assertThat(a.until("CONNECT 115200<>", 100)).isEqualTo(CONNECT);
    assertThat(b.until("CONNECT 115200<>", 100)).isEqualTo(CONNECT);
  }

  @Test
  void twoModemsOfACardTalk() {
    connect();
    assertThat(a.dcd).isTrue();
    assertThat(b.dcd).isTrue();
    a.type("Hello\r\n");
    b.type("AT is data here");
    a.ms(1);
    assertThat(b.text()).isEqualTo("Hello<>");
    assertThat(a.text()).isEqualTo("AT is data here");
  }

  @Test
  void everyByteGoesThrough() {
    connect();
    byte[] all = new byte[70_000];
    new SplittableRandom(3).nextBytes(all);
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    a.sendAll(all);
    a.ms(100);
    assertThat(b.bytes()).isEqualTo(all);
  }

  @Test
  void aReaderThatStopsHoldsTheWriterAndNothingIsLost() {
    connect();
    b.appetite = 0;
    byte[] all = new byte[1 << 18];
    new SplittableRandom(4).nextBytes(all);
    int sent = 0;
    int taken;
    do {
      taken = a.send(all, sent);
      sent += taken;
      agent.runTasks();
    } while (taken > 0);
    assertThat(sent).isLessThan(1 << 17);
    assertThat(a.cts).isFalse();
    b.appetite = Integer.MAX_VALUE;
    b.modem.resume();
    agent.runTasks();
    assertThat(a.rooms).isPositive();
    assertThat(a.cts).isTrue();
    a.sendAll(java.util.Arrays.copyOfRange(all, sent, all.length));
    a.ms(100);
    assertThat(b.bytes()).isEqualTo(all);
  }

  @Test
  void requestToSendHoldsTheModem() {
    connect();
    b.modem.lines(true, false);
    a.type("waits");
    a.ms(10);
    assertThat(b.text()).isEmpty();
    b.modem.lines(true, true);
    b.ms(1);
    assertThat(b.text()).isEqualTo("waits");
  }

  @Test
  void xonAndXoffHoldTheModemAndAreNotData() {
    b.at("AT&K4");
    connect();
    b.type("one\u0013two");
    a.type("waits");
    a.ms(10);
    assertThat(a.text()).isEqualTo("onetwo");
    assertThat(b.text()).isEmpty();
    b.type("\u0011");
    b.ms(1);
    assertThat(b.text()).isEqualTo("waits");
    // The other one uses circuits: to it these are characters.
    a.type("x\u0011\u0013y");
    a.ms(1);
    assertThat(b.bytes()).containsExactly('x', 0x11, 0x13, 'y');
  }

  @Test
  void xoffTellsTheComputerToWait() {
    a.at("AT&K4");
    connect();
    b.appetite = 0;
    byte[] all = new byte[1 << 17];
    while (a.send(all, 0) > 0) {
      agent.runTasks();
    }
    agent.runTasks();
    assertThat(alternating(a.bytes())).isEqualTo(0x13);
    b.appetite = Integer.MAX_VALUE;
    b.modem.resume();
    a.ms(10);
    assertThat(alternating(a.bytes())).isEqualTo(0x11);
  }

  /** The last of what must be XOFF and XON in turn. */
  private static int alternating(byte[] flow) {
    for (int i = 1; i < flow.length; i++) {
      assertThat(flow[i] ^ flow[i - 1]).isEqualTo(0x11 ^ 0x13);
    }
    return flow[flow.length - 1];
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void escapesSplitAnywhere(int how) {
    connect();
    a.ms(1100);
    // Every way to cut three characters, with pauses shorter than the guard time.
    switch (how) {
      case 0 -> a.type("+++");
      case 1 -> pieces(10, "+", "++");
      case 2 -> pieces(10, "++", "+");
      case 3 -> pieces(10, "+", "+", "+");
      case 4 -> pieces(900, "+", "+", "+");
      case 5 -> pieces(999, "++", "+");
      default -> pieces(0, "+", "+", "+");
    }
    a.ms(990);
    assertThat(a.text()).isEmpty();
    a.ms(30);
    assertThat(a.text()).isEqualTo(OK);
    assertThat(a.dcd).isTrue();
    assertThat(b.text()).isEqualTo("+++");
    // Online command state: commands are obeyed, the other's data wait.
    b.type("for later");
    assertThat(a.at("ATS2?")).isEqualTo("<>043<>" + OK);
    a.type("ATO\r");
    a.ms(1);
    assertThat(a.text()).isEqualTo(CONNECT + "for later");
  }

  private void pieces(long pauseMs, String... pieces) {
    for (String piece : pieces) {
      a.type(piece);
      a.ms(pauseMs);
    }
    a.ms(-pauseMs);
  }

  @Test
  void whatIsNoEscapeIsData() {
    connect();
    String[][] wrong = {
      {"x+++"}, {"++++"}, {"++", "|", "+"}, {"+++x"}, {"++x+"}, {"+", "|", "++"}, {"+++", "x"}
    };
    for (String[] pieces : wrong) {
      a.ms(1500);
      for (String piece : pieces) {
        if (piece.equals("|")) {
          a.ms(1500);
        } else {
          a.type(piece);
        }
      }
      a.ms(1500);
      assertThat(a.text()).as(String.join(" ", pieces)).isEmpty();
    }
    a.ms(10);
    assertThat(b.text()).isEqualTo("x+++++++++++++x++x+++++++x");
  }

  @Test
  void aCharacterBehindTheEscapeWithinTheGuardTimeSpoilsIt() {
    connect();
    a.ms(1100);
    a.type("+++");
    a.ms(500);
    a.type("\r");
    a.ms(2000);
    assertThat(a.text()).isEmpty();
  }

  @Test
  void escapeCharacterAndGuardTimeAreRegisters() {
    a.at("ATS2=64S12=10");
    connect();
    a.ms(250);
    a.type("@@@");
    a.ms(250);
    assertThat(a.text()).isEqualTo(OK);
    a.at("ATS2=128");
    a.type("ATO\r");
    a.ms(300);
    a.type("\u0080\u0080\u0080");
    a.ms(300);
    assertThat(a.text()).isEqualTo(CONNECT);
  }

  @Test
  void withoutGuardTimeTheThirdEndsTheData() {
    a.at("ATS12=0");
    connect();
    a.type("data+++ATH\r");
    a.ms(1);
    assertThat(a.text()).isEqualTo(OK + OK);
    assertThat(b.text()).isEqualTo("data+++" + NO_CARRIER);
  }

  @Test
  void hangingUpIsHeardBehindTheData() {
    connect();
    a.type("last words");
    a.ms(1100);
    a.type("+++");
    a.ms(1100);
    assertThat(a.at("ATH")).endsWith(OK);
    b.ms(1);
    assertThat(b.text()).isEqualTo("last words+++" + NO_CARRIER);
    assertThat(b.dcd).isFalse();
    assertThat(a.dcd).isFalse();
    assertThat(b.at("ATO")).isEqualTo(NO_CARRIER);
  }

  @Test
  void droppingDtrHangsUpAsTheProfileSays() {
    connect();
    a.modem.lines(false, true);
    a.ms(1);
    assertThat(a.text()).isEqualTo(NO_CARRIER);
    assertThat(b.text()).isEqualTo(NO_CARRIER);
    a.modem.lines(true, true);
    a.at("AT&D0");
    connect();
    a.modem.lines(false, true);
    a.ms(1);
    assertThat(a.dcd).isTrue();
    a.modem.lines(true, true);
    a.ms(1100);
    a.type("+++");
    a.ms(1100);
    a.at("AT&D1O");
    a.modem.lines(false, true);
    a.ms(1);
    assertThat(a.text()).isEqualTo(OK);
    assertThat(a.dcd).isTrue();
    a.modem.lines(true, true);
    a.at("AT&D3S7=1O");
    a.modem.lines(false, true);
    a.ms(1);
    assertThat(a.text()).isEqualTo(NO_CARRIER);
    assertThat(a.at("ATS7?")).contains("050");
  }

  @Test
  void aBusyOneIsBusy() {
    connect();
    Terminal c = new Terminal(agent, Terminal.config("300"), exchange, null);
    c.at("ATE0");
    c.type("ATDT200\r");
    assertThat(c.until("BUSY<>", 100)).isEqualTo("<>BUSY<>");
    c.at("ATX0");
    c.type("ATDT200\r");
    assertThat(c.until("CARRIER<>", 100)).isEqualTo(NO_CARRIER);
    c.at("ATH1X4");
    // So is one that is off the hook.
    Terminal d = new Terminal(agent, Terminal.config("400"), exchange, null);
    d.type("ATDT300\r");
    assertThat(d.until("BUSY<>", 100)).endsWith("<>BUSY<>");
    c.at("ATH0");
    d.type("ATDT300\r");
    c.until("RING", 100);
  }

  @Test
  void itRingsUntilTheCallerGivesUp() {
    a.at("ATS7=14");
    a.type("ATDT200\r");
    a.ms(100);
    assertThat(b.text()).isEqualTo("<>RING<>");
    assertThat(b.ri).isTrue();
    a.ms(2000);
    assertThat(b.ri).isFalse();
    a.ms(4000);
    assertThat(b.text()).isEqualTo("<>RING<>");
    assertThat(b.at("ATS1?")).contains("002");
    a.ms(6000);
    assertThat(b.text()).isEqualTo("<>RING<>");
    a.ms(3000);
    assertThat(a.text()).endsWith("<>NO ANSWER<>");
    a.ms(10_000);
    assertThat(b.text()).isEmpty();
    assertThat(b.ri).isFalse();
  }

  @Test
  void aCharacterAbandonsACall() {
    a.at("ATE0");
    a.type("ATDT200\r\n");
    a.ms(50);
    a.type("\r"); // So soon it does not count.
    a.ms(200);
    assertThat(a.text()).isEmpty();
    a.type(" ");
    a.ms(1);
    assertThat(a.text()).isEqualTo(NO_CARRIER);
    b.ms(10_000);
    assertThat(b.text()).isEqualTo("<>RING<>");
    assertThat(b.at("ATA")).isEqualTo(NO_CARRIER);
  }

  @Test
  void answersByItselfWhenTold() {
    b.at("ATS0=2E0");
    a.at("ATE0");
    a.type("ATD 2-0(0)\r");
    a.ms(5000);
    assertThat(b.text()).isEqualTo("<>RING<>");
    a.ms(1500);
    assertThat(b.text()).isEqualTo("<>RING<>" + CONNECT);
    assertThat(a.text()).isEqualTo(CONNECT);
    // Not without a computer that is ready.
    a.modem.lines(false, true);
    a.modem.lines(true, true);
    a.ms(1);
    b.modem.lines(false, true);
    a.type("ATDL\r");
    a.ms(20_000);
    assertThat(b.text()).doesNotContain("CONNECT");
  }

  @Test
  void commasPause() {
    a.at("ATS8=3");
    a.type("ATDT2,0,0\r");
    a.ms(5900);
    assertThat(b.text()).isEmpty();
    a.ms(200);
    assertThat(b.text()).isEqualTo("<>RING<>");
  }

  @Test
  void redialsAndDialsWhatWasStored() {
    a.at("ATE0&Z1=T200");
    a.type("ATDS=1\r");
    assertThat(b.until("RING", 100)).isNotEmpty();
    a.ms(200);
    a.type(" ");
    a.ms(10_000);
    b.text();
    a.type("ATDL\r");
    assertThat(b.until("RING", 100)).isNotEmpty();
  }

  @Test
  void aSemicolonLeavesTheModemInItsCommands() {
    a.at("ATE0");
    a.type("ATD200;S7?\r");
    a.ms(1);
    assertThat(a.text()).isEqualTo("<>050<>" + OK);
    b.at("ATE0");
    b.type("ATA\r");
    b.until("CONNECT", 100);
    b.type("early");
    a.ms(1);
    assertThat(a.text()).isEmpty();
    assertThat(a.dcd).isTrue();
    a.type("ATO\r");
    a.ms(1);
    assertThat(a.text()).isEqualTo(CONNECT + "early");
  }

  @Test
  void connectSaysWhatItWasAskedToSay() {
    a.at("AT+DR=1;+ER=1;+MR=1;+ILRR=1;W1");
    b.at("ATX0");
    a.at("ATE0");
    b.at("ATE0");
    a.type("ATDT200\r");
    b.until("RING<>", 100);
    b.type("ATA\r");
    b.ms(1);
    assertThat(b.text()).isEqualTo("<>CONNECT<>");
    assertThat(a.text())
        .isEqualTo(
            "<>+MCR: V34<><>+MRR: 33600<><>+ER: NONE<><>+DR: NONE<><>+ILRR: 115200<>"
                + "<>CONNECT 33600<>");
  }

  @Test
  void inactivityEndsACall() {
    a.at("ATS30=2");
    connect();
    a.ms(15_000);
    b.type("still here");
    a.ms(15_000);
    assertThat(a.text()).isEqualTo("still here");
    a.ms(6_000);
    assertThat(a.text()).isEqualTo(NO_CARRIER);
    assertThat(b.text()).isEqualTo(NO_CARRIER);
  }

  @Test
  void closingAModemHangsUpAndFreesItsNumber() {
    connect();
    a.modem.close();
    a.ms(1);
    assertThat(b.text()).isEqualTo(NO_CARRIER);
    Terminal again = new Terminal(agent, Terminal.config("100"), exchange, null);
    assertThat(again.at("AT")).isEqualTo(OK);
  }

  // Over the network.

  private final FakeCalls net = new FakeCalls(agent);

  private Terminal networked(String allow) {
    DialRules rules = new DialRules(List.of(DialRules.read(allow)));
    Map<String, String> directory = Map.of("555", "bbs.example:23", "bbs", "bbs.example:24");
    ModemConfig config = new ModemConfig("500", true, true, directory, rules, 1);
    Terminal terminal = new Terminal(agent, config, exchange, net);
    terminal.at("ATE0");
    return terminal;
  }

  @Test
  void aServerThatIsNoModemIsData() {
    Terminal t = networked("nobody:1");
    t.type("ATDT555\r");
    t.ms(500);
    assertThat(t.text()).isEmpty();
    assertThat(net.dialled).containsExactly("bbs.example:23");
    t.ms(600);
    assertThat(t.text()).isEqualTo(CONNECT);
    t.type("hi");
    net.far.say("welcome");
    t.ms(1);
    assertThat(net.far.text()).isEqualTo("hi");
    assertThat(t.text()).isEqualTo("welcome");
    net.far.say("bye");
    net.far.call.close();
    t.ms(1);
    assertThat(t.text()).isEqualTo("bye" + NO_CARRIER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"login:", "F", "FARSLOT-MODEM 2\r\n", "FARSLOT", "FARSLOT-MODEM 1\n"})
  void whatOnlyLooksLikeAModemIsData(String banner) {
    Terminal t = networked("nobody:1");
    t.type("ATD\"bbs\"\r");
    t.ms(1);
    net.far.say(banner);
    t.ms(1100);
    String shown = banner.replace('\r', '<').replace('\n', '>');
    assertThat(t.text()).isEqualTo(CONNECT + shown);
    assertThat(net.far.text()).isEmpty();
  }

  @Test
  void onlyWhatIsPermittedIsDialled() {
    Terminal t = networked("10.1.0.0/16:23");
    assertThat(t.at("ATDT10.2.0.1:23")).isEqualTo(NO_CARRIER);
    t.type("ATDTother.example:23\r");
    t.ms(1);
    assertThat(t.text()).isEqualTo(NO_CARRIER);
    t.type("ATDT666\r");
    t.ms(1);
    assertThat(t.text()).isEqualTo(NO_CARRIER);
    assertThat(net.dialled).isEmpty();
    t.type("ATDT10.1.9.9:23\r");
    t.ms(1);
    assertThat(net.dialled).containsExactly("10.1.9.9:23");
  }

  @Test
  void whoeverCannotBeReachedIsNoCarrier() {
    net.fate = Call.End.REFUSED;
    Terminal t = networked("nobody:1");
    t.type("ATDT555\r");
    t.ms(1);
    assertThat(t.text()).isEqualTo(NO_CARRIER);
  }

  @Test
  void somebodyWithoutAModemCalls() {
    Terminal t = networked("nobody:1");
    FakeCalls.Far far = net.ring();
    t.ms(1);
    assertThat(far.text()).isEqualTo(GREETING);
    far.say("early");
    t.ms(1100);
    assertThat(t.text()).isEqualTo("<>RING<>");
    t.type("ATA\r");
    t.ms(1);
    assertThat(t.text()).isEqualTo(CONNECT + "early");
    t.type("and back");
    t.ms(1);
    assertThat(far.text()).isEqualTo("and back");
    // A second one hears that it is busy, as a modem would understand it, and the end.
    FakeCalls.Far second = net.ring();
    t.ms(1);
    assertThat(second.text()).isEqualTo(GREETING + "\u0004\0\0");
    assertThat(second.ended).isTrue();
  }

  @Test
  void answeringBeforeItIsKnownWhoCallsWaitsForThat() {
    Terminal t = networked("nobody:1");
    net.ring();
    t.ms(1);
    t.type("ATA\r");
    t.ms(500);
    assertThat(t.text()).isEmpty();
    t.ms(600);
    assertThat(t.text()).isEqualTo(CONNECT);
  }

  @Test
  void aModemThatSpeaksWrongRecordsIsHungUpOn() {
    Terminal t = networked("nobody:1");
    FakeCalls.Far far = net.ring();
    far.say(GREETING + "\u0001\u0000\u0004\u0000123");
    t.ms(1);
    assertThat(t.text()).isEqualTo("<>RING<>");
    assertThat(far.text()).isEqualTo(GREETING + "\u0002\0\0");
    t.type("ATA\r");
    t.ms(1);
    assertThat(far.text()).isEqualTo("\u0003\0\u0001\0");
    far.say("\u0063\0\u0002xx\u0005\0\u0003abc"); // One that is unknown, then data.
    t.ms(1);
    assertThat(t.text()).isEqualTo(CONNECT + "abc");
    far.say("\u0005\u0004\u0001"); // One byte more than there may be.
    t.ms(1);
    assertThat(t.text()).isEqualTo(NO_CARRIER);
    assertThat(far.ended).isTrue();
  }

  @Test
  void itDoesNotRingForEverForOneWhoHasGone() {
    Terminal t = networked("nobody:1");
    FakeCalls.Far far = net.ring();
    far.say("unread, so that nobody notices the end");
    far.call.close();
    t.ms(200_000);
    t.text();
    assertThat(t.ri).isFalse();
    t.ms(20_000);
    assertThat(t.text()).isEmpty();
    net.ring();
    t.ms(1100);
    assertThat(t.text()).isEqualTo("<>RING<>");
  }

  @Test
  void fuzzedPeersAndComputers() {
    Fuzz.run(
        400,
        (random, iterations) -> {
          for (int i = 0; i < iterations; i++) {
            fuzzOnce(random);
          }
        });
  }

  private static void fuzzOnce(SplittableRandom random) {
    FakeAgent agent = new FakeAgent();
    Exchange exchange = new Exchange();
    FakeCalls net = new FakeCalls(agent);
    DialRules rules = new DialRules(List.of(DialRules.read("any")));
    ModemConfig config = new ModemConfig("1", true, true, Map.of("5", "a:1"), rules, 10);
    Terminal t = new Terminal(agent, config, exchange, net);
    new Terminal(agent, Terminal.config("2"), exchange, null).at("ATS0=1");
    List<byte[]> said = new ArrayList<>();
    for (int step = 0; step < 60; step++) {
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> {
          byte[] line = line(random).getBytes(StandardCharsets.ISO_8859_1);
          said.add(line);
          t.send(line, 0);
        }
        case 3 -> t.send(Fuzz.bytes(random, 1 + random.nextInt(400)), 0);
        case 4 -> net.ring();
        case 5 -> {
          if (net.far != null) {
            net.far.say(record(random));
          }
        }
        case 6 -> t.modem.lines(random.nextBoolean(), random.nextInt(4) > 0);
        case 7 -> {
          t.appetite = random.nextInt(3) == 0 ? random.nextInt(20) : Integer.MAX_VALUE;
          t.modem.resume();
        }
        default -> {
          if (net.far != null && random.nextInt(4) == 0) {
            net.far.call.close();
            net.far = null;
          }
        }
      }
      t.ms(random.nextInt(5) == 0 ? random.nextInt(3000) : random.nextInt(30));
    }
    // Whatever was said, it can be brought back.
    t.appetite = Integer.MAX_VALUE;
    t.modem.lines(true, true);
    t.modem.resume();
    t.modem.lines(false, true);
    t.modem.lines(true, true);
    t.ms(70_000);
    net.far = null;
    t.type("\u0018\u0010\u0003\r");
    t.ms(70_000);
    t.modem.close();
    t.ms(100_000);
  }

  private static final String[] LINES = {
    "ATD5\r",
    "ATD2\r",
    "ATA\r",
    "ATH\r",
    "ATO\r",
    "+++",
    "AT+FCLASS=1\r",
    "AT+FCLASS=0\r",
    "AT+FTH=3\r",
    "AT+FRH=3\r",
    "AT+FTM=96\r",
    "AT+FRM=96\r",
    "AT+FRS=3\r",
    "AT+FTS=3\r",
    "\u00ff\u0013\u0001\u0010\u0003",
    "\u00ff\u0003\u0001\u0010\u0003",
    "\u0018",
    "ATS0=1\r",
    "ATE0\r",
    "AT&D0\r",
    "AT&K4\r",
    "ATS12=0\r",
    "ATZ\r",
    "ATDL\r",
    "A/",
    "ATD\"x:1\";\r"
  };

  private static String line(SplittableRandom random) {
    String line = LINES[random.nextInt(LINES.length)];
    if (random.nextInt(4) > 0) {
      return line;
    }
    int at = random.nextInt(line.length());
    return line.substring(0, at) + (char) random.nextInt(256) + line.substring(at);
  }

  private static byte[] record(SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      return GREETING.getBytes(StandardCharsets.ISO_8859_1);
    }
    int length = random.nextInt(4) == 0 ? random.nextInt(1200) : random.nextInt(8);
    byte[] record = Fuzz.bytes(random, 3 + length);
    record[0] = (byte) random.nextInt(11);
    record[1] = (byte) (length >> 8);
    record[2] = (byte) length;
    if (length > 0 && random.nextBoolean()) {
      record[3] = (byte) (random.nextBoolean() ? 3 : 96);
    }
    return record;
  }
}
