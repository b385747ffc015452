package farslot.cards.uart16550.modem;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.testkit.FakeAgent;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole fax calls as T.30 has them, two small fax programs in virtual time. */
class T30SessionTest {
  private static final String END = "\u0010\u0003";
  private static final int DIS = 0x80;
  private static final int DCS = 0x82;
  private static final int CFR = 0x84;
  private static final int EOP = 0x2E;
  private static final int MPS = 0x4E;
  private static final int MCF = 0x8C;
  private static final int DCN = 0xFA;
  private static final int CSI = 0x40;
  private static final int TSI = 0x42;

  private final FakeAgent agent = new FakeAgent();
  private final Exchange exchange = new Exchange();
  private final Terminal sender = new Terminal(agent, Terminal.config("1"), exchange, null);
  private final Terminal receiver = new Terminal(agent, Terminal.config("2"), exchange, null);

  private static String shielded(String data) {
    return data.replace("\u0010", "\u0010\u0010");
  }

  private static String frame(boolean last, int type, String rest) {
    return shielded("\u00ff" + (last ? '\u0013' : '\u0003') + (char) type + rest) + END;
  }

  private void dial() {
    sender.at("ATE0+FCLASS=1");
    receiver.at("ATE0+FCLASS=1");
    sender.type("ATDT2\r");
    receiver.until("RING<>", 100);
    receiver.type("ATA\r");
    receiver.until("CONNECT<>", 100);
  }

  /** Sends a frame; the carrier is there already, or is made for it. */
  private static void put(Terminal t, boolean first, boolean last, int type, String rest) {
    if (first) {
      t.type("AT+FTH=3\r");
      t.until("CONNECT<>", 100);
    }
    t.type(frame(last, type, rest));
    if (!last) {
      t.until("CONNECT<>", 5000);
    }
  }

  /** The last frame was heard. */
  private static void sent(Terminal t) {
    t.until("OK<>", 100);
  }

  /** Receives one of that type, within T.30's T4. */
  private static void expect(Terminal t, boolean command, int type) {
    if (command) {
      t.type("AT+FRH=3\r");
    }
    String heard = t.until("OK<>", 4500);
    int at = heard.indexOf('\u00ff');
    assertThat(at).as(heard).isPositive();
    assertThat((int) heard.charAt(at + 2)).as(heard).isEqualTo(type);
  }

  private void phaseB(int code, int bytesASecond) {
    put(receiver, false, false, CSI, "2".repeat(20));
    receiver.type(frame(true, DIS, "\u0000\u00ce\u00b8\u0000"));
    expect(sender, false, CSI);
    expect(sender, true, DIS);
    sent(receiver);
    put(sender, true, false, TSI, "1".repeat(20));
    put(sender, false, true, DCS, "\u0000\u00c6\u0078");
    expect(receiver, true, TSI);
    expect(receiver, true, DCS);
    sent(sender);
    receiver.type("AT+FRM=" + code + "\r");
    sender.ms(75);
    sender.type("AT+FTM=" + code + "\r");
    sender.until("CONNECT<>", 100);
    int zeros = bytesASecond * 3 / 2;
    sender.sendAll(new byte[zeros]);
    sender.type(END);
    sender.until("OK<>", 5000);
    String tcf = receiver.until("CARRIER<>", 100);
    assertThat(tcf).startsWith("<>CONNECT<>" + "\0".repeat(zeros) + END);
    put(receiver, true, true, CFR, "");
    expect(sender, true, CFR);
    sent(receiver);
  }

  private static String page(int seed, int bytes) {
    byte[] page = new byte[bytes];
    new SplittableRandom(seed).nextBytes(page);
    return new String(page, StandardCharsets.ISO_8859_1);
  }

  private void startPage(int code) {
    receiver.type("AT+FRM=" + code + "\r");
    sender.type("AT+FTM=" + code + "\r");
    sender.until("CONNECT<>", 100);
  }

  private void phaseC(int code, String page) {
    startPage(code);
    sender.type(shielded(page) + END);
    sender.until("OK<>", 120_000);
    receiver.ms(10);
    String got = new String(receiver.bytes(), StandardCharsets.ISO_8859_1);
    assertThat(got).isEqualTo("\r\nCONNECT\r\n" + shielded(page) + END + "\r\nNO CARRIER\r\n");
  }

  private void phaseD(int command) {
    put(sender, true, true, command, "");
    expect(receiver, true, command);
    sent(sender);
    put(receiver, true, true, MCF, "");
    expect(sender, true, MCF);
    sent(receiver);
  }

  @ParameterizedTest
  @CsvSource({"24,24,300", "48,48,600", "72,72,900", "96,96,1200", "121,122,1500", "145,146,1800"})
  void twoPagesAtEverySpeed(int training, int image, int bytesASecond) {
    dial();
    phaseB(training, bytesASecond);
    long beganNs = agent.nowNs();
    phaseC(image, page(training, 8000));
    // Neither faster than the carrier, nor much slower.
    assertThat((agent.nowNs() - beganNs) / 1_000_000)
        .isBetween(8_000_000L / bytesASecond, 8_000_000L / bytesASecond + 2000);
    phaseD(MPS);
    phaseC(image, page(image + 1000, 3000));
    phaseD(EOP);
    put(sender, true, true, DCN, "");
    expect(receiver, true, DCN);
    sent(sender);
    assertThat(sender.at("ATH")).isEqualTo("<>OK<>");
    assertThat(receiver.at("ATH")).isEqualTo("<>OK<>");
    assertThat(sender.dcd || receiver.dcd).isFalse();
  }

  @Test
  void aCallCutInMidPageIsHeardAndTheNextOneWorks() {
    dial();
    phaseB(145, 1800);
    startPage(146);
    sender.type(shielded(page(1, 3000)));
    sender.ms(1000);
    sender.modem.close();
    receiver.ms(10);
    String got = receiver.text();
    assertThat(got).startsWith("<>CONNECT<>").endsWith(END + "<>NO CARRIER<>");
    receiver.at("ATH");
    Terminal other = new Terminal(agent, Terminal.config("1"), exchange, null);
    other.at("ATE0+FCLASS=1");
    other.type("ATDT2\r");
    receiver.until("RING<>", 100);
    receiver.type("ATA\r");
    receiver.until("CONNECT<>", 100);
  }
}
