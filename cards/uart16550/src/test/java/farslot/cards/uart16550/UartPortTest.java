package farslot.cards.uart16550;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.testkit.FakeAgent;
import org.junit.jupiter.api.Test;

/** A UART on a line that takes and gives as it likes. */
class UartPortTest {
  private final FakeAgent agent = new FakeAgent();
  private final FakeLine line = new FakeLine();
  private final UartPort port = new UartPort(new Quiet(), line, 115_200);

  UartPortTest() {
    port.open(agent);
    port.uart.write(2, 0xC7);
    port.uart.write(3, 0x03);
    agent.runTasks();
  }

  private void write(String text) {
    for (char each : text.toCharArray()) {
      port.uart.write(0, each);
    }
  }

  private String read() {
    StringBuilder text = new StringBuilder();
    while ((port.uart.read(5) & 1) != 0) {
      text.append((char) port.uart.read(0));
      agent.runTasks();
    }
    return text.toString();
  }

  @Test
  void bytesGoAtOnceAndTogether() {
    write("0123456789abcdef");
    assertThat(port.uart.read(5)).isEqualTo(0);
    agent.runTasks();
    assertThat(line.text()).isEqualTo("0123456789abcdef");
    assertThat(port.uart.read(5)).isEqualTo(0x60);
  }

  @Test
  void aLineWithoutRoomHoldsTheTransmitter() {
    line.room = 3;
    write("0123456");
    agent.runTasks();
    assertThat(line.text()).isEqualTo("012");
    assertThat(port.uart.read(5)).isZero();
    write("789");
    agent.runTasks();
    assertThat(line.text()).as("it is not asked before it says so").isEqualTo("012");
    line.roomFor(100);
    agent.runTasks();
    assertThat(line.text()).isEqualTo("0123456789");
    assertThat(port.uart.read(5)).isEqualTo(0x60);
  }

  @Test
  void nothingIsLostHoweverMuchComes() {
    String all = "The quick brown fox jumps over the lazy dog. ".repeat(50);
    line.put(all);
    assertThat(line.waiting()).isEqualTo(all.length() - 16);
    assertThat(read()).isEqualTo(all);
    assertThat(port.uart.overruns()).isZero();
  }

  @Test
  void fewerThanTheTriggerAreToldAtOnce() {
    port.uart.write(1, 0x01);
    line.put("x");
    assertThat(port.uart.read(2)).isEqualTo(0xCC);
    line.put("y");
    assertThat(port.uart.read(0)).isEqualTo('x');
    assertThat(port.uart.read(2)).as("the other waits, too").isEqualTo(0xCC);
    assertThat(port.uart.read(0)).isEqualTo('y');
    assertThat(port.uart.read(2)).isEqualTo(0xC1);
  }

  @Test
  void theLineWaitsWhileTheReceiverIsInLoopback() {
    port.uart.write(4, 0x10);
    line.put("later");
    write("loop");
    agent.runTasks();
    assertThat(line.text()).isEmpty();
    assertThat(read()).isEqualTo("loop");
    port.uart.write(4, 0x00);
    agent.runTasks();
    assertThat(read()).isEqualTo("later");
  }

  @Test
  void aBreakComesBehindWhatWasSent() {
    line.room = 2;
    write("abc");
    port.uart.write(3, 0x43);
    agent.runTasks();
    assertThat(line.events).doesNotContain("break true after 2");
    line.roomFor(10);
    agent.runTasks();
    assertThat(line.events.getLast()).isEqualTo("break true after 3");
    port.uart.write(3, 0x03);
    agent.runTasks();
    assertThat(line.events.getLast()).isEqualTo("break false after 3");
  }

  @Test
  void whatTheLineSaysIsInTheRegisters() {
    line.listener().onLines(true, false, false, true);
    assertThat(port.uart.read(6)).isEqualTo(0x99);
    line.listener().onBreak();
    assertThat(port.uart.read(5)).isEqualTo(0xF9);
    port.uart.read(0);
    line.listener().onDamaged((byte) 'q', false);
    assertThat(port.uart.read(5)).isEqualTo(0xE5);
    assertThat(port.uart.read(0)).isEqualTo('q');
  }

  @Test
  void aResetLeavesNothingBehind() {
    line.room = 1;
    write("abc");
    port.uart.write(4, 0x03);
    port.uart.write(3, 0x43);
    agent.runTasks();
    port.uart.reset();
    line.roomFor(100);
    agent.runTasks();
    assertThat(line.text()).isEqualTo("a");
    assertThat(line.events.getLast()).isEqualTo("dtr false rts false");
    port.uart.write(3, 0x03);
    write("d");
    agent.runTasks();
    assertThat(line.text()).isEqualTo("ad");
  }
}
