package farslot.cards.uart16550.modem;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.Calls;
import farslot.function.SerialLine;
import farslot.testkit.FakeAgent;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A person or a program at a modem, in virtual time. */
final class Terminal implements SerialLine.Listener {
  private static final long MS = 1_000_000;

  final FakeAgent agent;
  final Modem modem;
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
  private final MemorySegment out = Arena.ofAuto().allocate(1 << 16);

  /** How much is taken of what the modem offers. */
  int appetite = Integer.MAX_VALUE;

  int rooms;
  boolean cts;
  boolean dsr;
  boolean ri;
  boolean dcd;
  private boolean inSend;

  Terminal(FakeAgent agent, ModemConfig config, Exchange exchange, Calls calls) {
    this.agent = agent;
    modem = new Modem(config, exchange, calls);
    modem.open(agent, this);
    modem.lines(true, true);
    agent.runTasks();
  }

  /** On a card of its own, without a network. */
  static Terminal alone() {
    return new Terminal(new FakeAgent(), config("100"), new Exchange(), null);
  }

  static ModemConfig config(String number) {
    return new ModemConfig(number, false, true, Map.of(), new DialRules(List.of()), 1);
  }

  @Override
  public int onBytes(MemorySegment data, long offset, int bytes) {
    assertThat(inSend).as("within a call of the computer's").isFalse();
    int taken = Math.min(bytes, appetite);
    heard.writeBytes(data.asSlice(offset, taken).toArray(ValueLayout.JAVA_BYTE));
    return taken;
  }

  @Override
  public void onRoom() {
    assertThat(inSend).isFalse();
    rooms++;
  }

  @Override
  public void onLines(boolean cts, boolean dsr, boolean ri, boolean dcd) {
    this.cts = cts;
    this.dsr = dsr;
    this.ri = ri;
    this.dcd = dcd;
  }

  @Override
  public void onBreak() {}

  /** Sends as much as is taken; returns how much that is. */
  int send(byte[] bytes, int from) {
    int part = Math.min(bytes.length - from, (int) out.byteSize());
    MemorySegment.copy(bytes, from, out, ValueLayout.JAVA_BYTE, 0, part);
    inSend = true;
    int taken = part == 0 ? 0 : modem.send(out, 0, part);
    inSend = false;
    assertThat(taken).isBetween(0, part);
    return taken;
  }

  /** Sends all, waiting for room as long as it takes. */
  void sendAll(byte[] bytes) {
    int sent = 0;
    for (int waits = 0; sent < bytes.length; waits++) {
      assertThat(waits).as("no room").isLessThan(20_000);
      int taken = send(bytes, sent);
      sent += taken;
      if (taken == 0) {
        ms(5);
      }
    }
    agent.runTasks();
  }

  void type(String text) {
    sendAll(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void ms(long ms) {
    agent.advance(ms * MS);
  }

  /** What has been heard since the last time. */
  byte[] bytes() {
    byte[] bytes = heard.toByteArray();
    heard.reset();
    return bytes;
  }

  /** The same as text, CR and LF as {@code <} and {@code >}. */
  String text() {
    return new String(bytes(), StandardCharsets.ISO_8859_1).replace('\r', '<').replace('\n', '>');
  }

  /** What a command line answers, behind its echo. */
  String at(String line) {
    text();
    type(line + "\r");
    ms(1);
    String answer = text();
    String echo = line + "<";
    return answer.startsWith(echo) ? answer.substring(echo.length()) : answer;
  }

  /** Runs until something of that text has been heard. */
  String until(String wanted, long limitMs) {
    StringBuilder all = new StringBuilder();
    for (long ms = 0; ms < limitMs; ms += 5) {
      all.append(text());
      if (all.indexOf(wanted) >= 0) {
        return all.toString();
      }
      ms(5);
    }
    throw new AssertionError("no '" + wanted + "' in " + limitMs + " ms, but: " + all);
  }
}
