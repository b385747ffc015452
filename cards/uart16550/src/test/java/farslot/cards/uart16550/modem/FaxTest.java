package farslot.cards.uart16550.modem;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.testkit.FakeAgent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fax Class 1 (T.31, 8): commands, shielding, results, and what goes wrong. */
class FaxTest {
  private static final String OK = "<>OK<>";
  private static final String CONNECT = "<>CONNECT<>";
  private static final String NO_CARRIER = "<>NO CARRIER<>";
  private static final String END = "\u0010\u0003";

  /** A frame that is the last: address, control, DCN, as it is sent, and with its sequence. */
  private static final String FINAL = "\u00ff\u0013\u00fa";

  private static final String MORE = "\u00ff\u0003\u0001";

  private final FakeAgent agent = new FakeAgent();
  private final Exchange exchange = new Exchange();
  private final Terminal caller = terminal("100");
  private final Terminal called = terminal("200");

  private Terminal terminal(String number) {
    Terminal terminal = new Terminal(agent, Terminal.config(number), exchange, null);
    terminal.at("ATE0+FCLASS=1");
    return terminal;
  }

  /** The called end is about to send, the caller to receive. */
  private void connect() {
    caller.type("ATDT200\r");
    called.until("RING<>", 100);
    called.type("ATA\r");
    assertThat(called.until("CONNECT<>", 100)).isEqualTo(CONNECT);
  }

  /** The same, once both are back at their commands; the line is silent. */
  private void connected() {
    connect();
    called.type(FINAL + END);
    called.until("OK<>", 3000);
    caller.until("OK<>", 100);
  }

  private static String with(String frame) {
    int remainder = 0xFFFF;
    for (int i = 0; i < frame.length(); i++) {
      for (int bit = 0; bit < 8; bit++) {
        int in = frame.charAt(i) >> bit & 1 ^ remainder & 1;
        remainder = remainder >> 1 ^ (in == 1 ? 0x8408 : 0);
      }
    }
    int fcs = ~remainder & 0xFFFF;
    return frame + (char) (fcs & 0xFF) + (char) (fcs >> 8);
  }

  private static String shielded(String data) {
    return data.replace("\u0010", "\u0010\u0010");
  }

  @Test
  void theCheckSequenceIsTheOneOfTheBooks() {
    // CRC-16/X-25's check value for "123456789".
    assertThat(with("123456789")).endsWith("\u006e\u0090");
  }

  @Test
  void whoAnswersSendsAndWhoCalledReceives() {
    connect();
    assertThat(caller.text()).isEmpty();
    called.type(MORE);
    caller.ms(1);
    assertThat(caller.text()).isEqualTo(CONNECT);
    called.type(END);
    assertThat(called.until("CONNECT<>", 2000)).isEqualTo(CONNECT);
    assertThat(caller.text()).isEqualTo(shielded(with(MORE)) + END + OK);
    called.type(FINAL + END);
    called.ms(2000);
    // The second frame waits for who asks for it, and who has sent it for that.
    assertThat(caller.text()).isEmpty();
    assertThat(called.text()).isEmpty();
    caller.type("AT+FRH=3\r");
    caller.ms(1);
    assertThat(called.text()).isEqualTo(OK);
    assertThat(caller.text()).isEqualTo(CONNECT + with(FINAL) + END + OK);
    assertThat(caller.dcd).isTrue();
  }

  @Test
  void framesTakeTheTimeOfTheirBits() {
    connect();
    called.type(FINAL + END);
    called.ms(1100);
    assertThat(called.text()).isEmpty();
    // One second of flags, then six bytes at 300 bit/s.
    called.ms(70);
    assertThat(called.text()).isEqualTo(OK);
  }

  @Test
  void paceMakesItFaster() {
    ModemConfig fast = new ModemConfig("300", false, true, Map.of(), new DialRules(List.of()), 100);
    Terminal quick = new Terminal(agent, fast, exchange, null);
    quick.at("ATE0+FCLASS=1");
    caller.type("ATDT300\r");
    quick.until("RING<>", 100);
    quick.type("ATA\r");
    quick.until("CONNECT<>", 100);
    quick.type(FINAL + END);
    quick.ms(20);
    assertThat(quick.text()).isEqualTo(OK);
  }

  @Test
  void imageDataGoThroughShieldedAtTheirRate() {
    connected();
    caller.type("AT+FTM=96\r");
    caller.ms(1);
    assertThat(caller.text()).isEqualTo(CONNECT);
    called.type("AT+FRM=96\r");
    called.ms(1);
    assertThat(called.text()).isEqualTo(CONNECT);
    StringBuilder page = new StringBuilder();
    for (int i = 0; i < 1200; i++) {
      page.append((char) (i & 0xFF));
    }
    caller.type(shielded(page.toString()) + END);
    caller.ms(1100);
    // 9600 bit/s: 1200 bytes a second, behind 253 ms of training.
    assertThat(caller.text()).isEmpty();
    caller.ms(250);
    assertThat(caller.text()).isEqualTo(OK);
    byte[] got = called.bytes();
    String expected = shielded(page.toString()) + END + "\r\nNO CARRIER\r\n";
    assertThat(new String(got, StandardCharsets.ISO_8859_1)).isEqualTo(expected);
  }

  @Test
  void substituteIsTwoShields() {
    connected();
    caller.type("AT+FTM=24\r");
    called.type("AT+FRM=24\r");
    caller.ms(1);
    caller.type("a\u0010\u001ab\u0010\u0007c\u0010\u0010" + END);
    assertThat(called.until("CARRIER<>", 3000))
        .isEqualTo(CONNECT + "a\u0010\u0010\u0010\u0010bc\u0010\u0010" + END + NO_CARRIER);
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 48, 72, 73, 74, 96, 97, 98, 121, 122, 145, 146})
  void everyModulationIsHeardAsItself(int code) {
    connected();
    called.type("AT+FRM=" + code + "\r");
    caller.type("AT+FTM=" + code + "\r");
    caller.until("CONNECT<>", 10);
    caller.type("page" + END);
    assertThat(called.until("CARRIER<>", 4000)).isEqualTo(CONNECT + "page" + END + NO_CARRIER);
    assertThat(caller.text()).isEqualTo(OK);
  }

  @Test
  void anotherModulationIsAnError() {
    connected();
    caller.type("AT+FTM=145\r");
    called.type("AT+FRM=96\r");
    called.ms(1);
    assertThat(called.text()).isEqualTo("<>+FCERROR<>");
    called.type("AT+FRH=3\r");
    called.ms(1);
    assertThat(called.text()).isEqualTo("<>+FCERROR<>");
    called.type("ATV0+FRH=3\r");
    called.ms(1);
    assertThat(called.text()).isEqualTo("+F4<");
    called.type("ATV1+FRM=145\r");
    caller.type("xyz" + END);
    assertThat(called.until("CARRIER<>", 3000)).isEqualTo(CONNECT + "xyz" + END + NO_CARRIER);
    // What has ended before it was asked for is passed over.
    caller.type("AT+FTM=48\r");
    caller.until("CONNECT<>", 10);
    caller.type("not asked for" + END);
    // Nobody says that it was heard: that is not waited for for ever.
    caller.ms(20_000);
    assertThat(caller.text()).isEmpty();
    caller.until("OK<>", 10_000);
    caller.type("AT+FTM=24\r");
    caller.until("CONNECT<>", 10);
    called.type("AT+FRM=24\r");
    caller.type("asked for" + END);
    assertThat(called.until("CARRIER<>", 3000)).isEqualTo(CONNECT + "asked for" + END + NO_CARRIER);
  }

  @Test
  void aLateReceiverStillGetsAllOfIt() {
    connected();
    caller.type("AT+FTM=146\r");
    caller.until("CONNECT<>", 10);
    caller.type("much too early" + END);
    called.ms(5000);
    // The timers of who sends begin when it was heard.
    assertThat(caller.text()).isEmpty();
    called.type("AT+FRM=146\r");
    called.ms(1);
    assertThat(caller.text()).isEqualTo(OK);
    assertThat(called.text()).isEqualTo(CONNECT + "much too early" + END + NO_CARRIER);
  }

  @Test
  void withoutACarrierThereIsNoneWithinTheTimeOfRegister7() {
    connected();
    called.at("ATS7=2");
    called.type("AT+FRM=96\r");
    called.ms(1990);
    assertThat(called.text()).isEmpty();
    called.ms(20);
    assertThat(called.text()).isEqualTo(NO_CARRIER);
    called.type("AT+FRH=3\r");
    called.ms(2010);
    assertThat(called.text()).isEqualTo(NO_CARRIER);
  }

  @Test
  void anyCharacterAborts() {
    connected();
    called.type("AT+FRM=96\r");
    called.ms(200);
    called.type("\u0018");
    called.ms(1);
    assertThat(called.text()).isEqualTo(OK);
    // While receiving, too; what had come is there, then the end.
    called.type("AT+FRM=96\r");
    caller.type("AT+FTM=96\r");
    caller.until("CONNECT<>", 10);
    caller.type("x".repeat(100));
    caller.ms(1000);
    // What has come is there at once.
    assertThat(called.text()).isEqualTo(CONNECT + "x".repeat(100));
    called.type("\u0018");
    called.ms(1);
    assertThat(called.text()).isEqualTo(END + OK);
    assertThat(called.at("AT")).isEqualTo(OK);
    // A line feed right behind the command is part of it.
    called.type("AT+FRS=255\r\n");
    called.ms(200);
    assertThat(called.text()).isEmpty();
    called.type("x");
    called.ms(1);
    assertThat(called.text()).isEqualTo(OK);
  }

  @Test
  void silenceIsWaitedFor() {
    connected();
    caller.ms(1000);
    called.type("AT+FTS=20\r");
    called.ms(195);
    assertThat(called.text()).isEmpty();
    called.ms(10);
    assertThat(called.text()).isEqualTo(OK);
    called.type("AT+FRS=10\r");
    called.ms(1);
    assertThat(called.text()).isEqualTo(OK);
    caller.type("AT+FTM=96\r");
    caller.until("CONNECT<>", 10);
    called.type("AT+FRS=10\r");
    called.ms(3000);
    assertThat(called.text()).isEmpty();
    caller.type(END);
    caller.ms(90);
    assertThat(called.text()).isEmpty();
    caller.ms(30);
    assertThat(called.text()).isEqualTo(OK);
  }

  @Test
  void aSenderWithoutDataGivesUp() {
    connected();
    caller.type("AT+FTM=96\r");
    called.type("AT+FRM=96\r");
    caller.ms(3000);
    caller.type("half a page");
    caller.ms(4900);
    assertThat(caller.text()).isEqualTo(CONNECT);
    caller.ms(200);
    assertThat(caller.text()).isEqualTo("<>ERROR<>");
    assertThat(called.text()).isEqualTo(CONNECT + "half a page" + END + NO_CARRIER);
    caller.type("AT+FTH=3\r");
    caller.ms(5100);
    assertThat(caller.text()).isEqualTo(CONNECT + "<>ERROR<>");
  }

  @Test
  void framesThatAreNoneOrTooLong() {
    connected();
    caller.type("AT+FTH=3\r" + END);
    caller.ms(10);
    assertThat(caller.text()).isEqualTo(CONNECT + OK);
    caller.type("AT+FTH=3\r");
    caller.type("\u00ff\u0013" + "z".repeat(5000) + END);
    caller.ms(10);
    assertThat(caller.text()).isEqualTo(CONNECT + "<>ERROR<>");
    called.type("AT+FRH=3\r");
    called.ms(1);
    // Flags were heard and no frame came; the carrier has gone again.
    assertThat(called.text()).isEqualTo(CONNECT + END + NO_CARRIER);
  }

  @Test
  void aPageThatIsCutEndsWithNoCarrier() {
    connected();
    caller.type("AT+FTM=145\r");
    called.type("AT+FRM=145\r");
    caller.until("CONNECT<>", 10);
    caller.type("p".repeat(2000));
    caller.ms(2000);
    caller.modem.lines(false, true);
    called.ms(10);
    String got = called.text();
    assertThat(got).startsWith(CONNECT + "ppp").endsWith("p" + END + NO_CARRIER);
    assertThat(got.length()).isLessThan(2000);
    // Now there is only silence, until this end hangs up.
    called.type("AT+FRH=3\r");
    called.ms(1);
    assertThat(called.text()).isEqualTo(NO_CARRIER);
    called.type("AT+FTH=3\r");
    called.ms(1);
    called.type(FINAL + END);
    assertThat(called.until("OK<>", 3000)).isEqualTo(CONNECT + OK);
    assertThat(called.at("ATH")).isEqualTo(OK);
    assertThat(called.dcd).isFalse();
    assertThat(called.at("AT+FTH=3")).isEqualTo("<>ERROR<>");
    caller.modem.lines(true, true);
    caller.text();
    connected();
  }

  @Test
  void faxAndDataDoNotUnderstandEachOther() {
    called.at("AT+FCLASS=0");
    caller.type("ATDT200\r");
    called.until("RING<>", 100);
    called.type("ATA\r");
    caller.ms(10);
    assertThat(caller.text()).isEqualTo(NO_CARRIER);
    assertThat(called.text()).isEqualTo(NO_CARRIER);
  }

  @Test
  void aFaxIsNotSentToWhoIsNoModem() {
    FakeCalls net = new FakeCalls(agent);
    ModemConfig config =
        new ModemConfig("", true, true, Map.of("9", "a:1"), new DialRules(List.of()), 1);
    Terminal t = new Terminal(agent, config, exchange, net);
    t.at("ATE0+FCLASS=1");
    t.type("ATDT9\r");
    t.ms(1100);
    assertThat(t.text()).isEqualTo(NO_CARRIER);
  }

  @Test
  void aFrameWithAWrongSequenceIsAnError() {
    FakeCalls net = new FakeCalls(agent);
    ModemConfig config =
        new ModemConfig("", true, true, Map.of("9", "a:1"), new DialRules(List.of()), 1);
    Terminal t = new Terminal(agent, config, exchange, net);
    t.at("ATE0+FCLASS=1");
    t.type("ATDT9\r");
    t.ms(1);
    net.far.say("FARSLOT-MODEM 1\r\n");
    t.ms(1);
    assertThat(net.far.text()).isEqualTo("FARSLOT-MODEM 1\r\n\u0001\0\u0001\u0001");
    net.far.say("\u0002\0\0\u0003\0\u0001\u0001");
    net.far.say("\u0006\0\u0001\u0003\u0008\0\u0005\u00ff\u0013\u0001ab\u0009\0\0");
    t.ms(1);
    assertThat(t.text()).isEqualTo(CONNECT + "\u00ff\u0013\u0001ab" + END + "<>ERROR<>");
    // And one of no length at all, and bytes on no carrier.
    t.type("AT+FRH=3\r");
    net.far.say("\u0008\0\u0003abc\u0006\0\u0001\u0003\u0008\0\0\u0008\0\u0001a\u0009\0\0");
    t.ms(1);
    assertThat(t.text()).isEqualTo(CONNECT + "a" + END + "<>ERROR<>");
  }

  @Test
  void whatNobodyReceivesIsBounded() {
    FakeCalls net = new FakeCalls(agent);
    ModemConfig config =
        new ModemConfig("", true, true, Map.of("9", "a:1"), new DialRules(List.of()), 1);
    Terminal t = new Terminal(agent, config, exchange, net);
    t.at("ATE0+FCLASS=1");
    t.type("ATDT9\r");
    t.ms(1);
    net.far.say("FARSLOT-MODEM 1\r\n\u0002\0\0\u0003\0\u0001\u0001\u0006\0\u0001\u0091");
    t.ms(1);
    assertThat(t.text()).isEqualTo("<>+FCERROR<>");
    String bits = "\u0007\u0004\0" + "q".repeat(1024);
    for (int i = 0; i < 10_000; i++) {
      assertThat(net.far.say(bits)).isEqualTo(bits.length());
      t.ms(1);
    }
    net.far.say("\u0009\0\0\u0006\0\u0001\u0003\u0008\0\u0005" + with(FINAL) + "\u0009\0\0");
    t.ms(1);
    t.type("AT+FRH=3\r");
    t.ms(1);
    assertThat(t.text()).isEqualTo(CONNECT + with(FINAL) + END + OK);
  }

  @Test
  void aReceiverThatIsSlowStretchesTheLine() {
    connected();
    caller.type("AT+FTM=146\r");
    called.type("AT+FRM=146\r");
    caller.until("CONNECT<>", 10);
    called.until("CONNECT<>", 10);
    called.appetite = 0;
    byte[] page = "0123456789abcdef".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
    int sent = 0;
    for (int i = 0; i < 6000; i++) {
      sent += caller.send(page, sent);
      caller.ms(20);
    }
    assertThat(sent).isLessThan(1 << 17);
    called.appetite = Integer.MAX_VALUE;
    called.modem.resume();
    java.io.ByteArrayOutputStream got = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < 20_000 && sent < page.length; i++) {
      sent += caller.send(page, sent);
      caller.ms(20);
      got.writeBytes(called.bytes());
    }
    caller.type(END);
    caller.until("OK<>", 10_000);
    got.writeBytes(called.bytes());
    String all = got.toString(StandardCharsets.ISO_8859_1);
    assertThat(all).isEqualTo("0123456789abcdef".repeat(20_000) + END + "\r\nNO CARRIER\r\n");
  }

  @Test
  void aDataCallBecomesNoFaxAndAFaxThatIsLostNoDataCall() {
    called.at("AT+FCLASS=0");
    caller.at("AT+FCLASS=0");
    caller.type("ATDT200\r");
    called.until("RING<>", 100);
    called.type("ATA\r");
    caller.until("CONNECT 115200<>", 100);
    caller.ms(1100);
    caller.type("+++");
    caller.ms(1100);
    called.text();
    caller.at("AT+FCLASS=1");
    assertThat(caller.at("ATO")).isEqualTo(NO_CARRIER);
    called.modem.lines(false, true);
    caller.ms(1);
    assertThat(caller.at("AT+FCLASS=0O")).isEqualTo("<>ERROR<>");
    assertThat(caller.at("AT+FCLASS=0;O")).isEqualTo(NO_CARRIER);
    assertThat(caller.at("ATH")).isEqualTo(OK);
    assertThat(caller.dcd).isFalse();
  }

  @Test
  void whoIsNoModemHearsNothingOfAFax() {
    FakeCalls net = new FakeCalls(agent);
    ModemConfig config =
        new ModemConfig("", true, true, Map.of("9", "a:1"), new DialRules(List.of()), 1);
    Terminal t = new Terminal(agent, config, exchange, net);
    t.at("ATE0");
    t.type("ATDT9;\r");
    t.ms(1);
    t.type("AT+FCLASS=1;+FTM=96\r");
    t.ms(1);
    assertThat(t.text()).isEqualTo(OK + "<>ERROR<>");
    t.at("AT+FCLASS=0");
    t.ms(1100);
    assertThat(t.dcd).isTrue();
    t.type("AT+FCLASS=1;+FTM=96\r");
    t.type("image" + END);
    t.ms(2000);
    t.type("AT+FTH=3\r");
    t.type(FINAL + END);
    t.ms(2000);
    assertThat(t.text()).isEqualTo(CONNECT + OK + CONNECT + OK);
    assertThat(net.far.text()).isEmpty();
  }

  @Test
  void carriersWithoutEndToWhoReadsNothingEndTheCall() {
    FakeCalls net = new FakeCalls(agent);
    ModemConfig config =
        new ModemConfig("", true, true, Map.of("9", "a:1"), new DialRules(List.of()), 1);
    Terminal t = new Terminal(agent, config, exchange, net);
    t.at("ATE0+FCLASS=1");
    t.type("ATDT9\r");
    t.ms(1);
    net.far.say("FARSLOT-MODEM 1\r\n\u0002\0\0\u0003\0\u0001\u0001\u0006\0\u0001\u0060");
    t.ms(1);
    net.far.appetite = 0;
    for (int i = 0; i < 5000; i++) {
      t.type("AT+FTM=96\r");
      t.type(END);
      t.ms(300);
    }
    assertThat(net.far.ended).isFalse();
    net.far.appetite = Integer.MAX_VALUE;
    net.far.call.resume();
    t.ms(1);
    assertThat(net.far.ended).isTrue();
    t.at("ATH");
    t.type("ATDT9\r");
    t.ms(1);
    assertThat(net.dialled).hasSize(2);
  }
}
