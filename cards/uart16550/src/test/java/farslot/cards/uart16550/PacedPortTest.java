package farslot.cards.uart16550;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.testkit.FakeAgent;
import org.junit.jupiter.api.Test;

/** Characters that take their time: at 9600 8N1 ten bits, 1.04167 ms. */
class PacedPortTest {
  private static final long CHARACTER_NS = 1_041_666;

  private final FakeAgent agent = new FakeAgent();
  private final FakeLine line = new FakeLine();
  private final PacedPort port = new PacedPort(new Quiet(), line, 115_200);

  PacedPortTest() {
    port.open(agent);
    port.uart.write(3, 0x83);
    port.uart.write(0, 12);
    port.uart.write(1, 0);
    port.uart.write(3, 0x03);
    port.uart.write(2, 0xC7);
    agent.runTasks();
    agent.advance(100 * CHARACTER_NS);
  }

  private void write(String text) {
    for (char each : text.toCharArray()) {
      port.uart.write(0, each);
    }
    agent.runTasks();
  }

  @Test
  void oneAfterTheOther() {
    write("abc");
    assertThat(port.uart.read(5)).isZero();
    agent.advance(CHARACTER_NS - 1);
    assertThat(line.text()).isEmpty();
    agent.advance(1);
    assertThat(line.text()).isEqualTo("a");
    agent.advance(CHARACTER_NS);
    assertThat(line.text()).isEqualTo("ab");
    assertThat(port.uart.read(5)).as("the last is in the shift register").isEqualTo(0x20);
    agent.advance(CHARACTER_NS);
    assertThat(line.text()).isEqualTo("abc");
    assertThat(port.uart.read(5)).isEqualTo(0x60);
  }

  @Test
  void theyComeOneAfterTheOther() {
    line.put("abcdef");
    agent.advance(CHARACTER_NS * 3);
    assertThat(6 - line.waiting()).isBetween(3, 4);
    agent.advance(CHARACTER_NS * 3);
    assertThat(line.waiting()).isZero();
    for (char each : "abcdef".toCharArray()) {
      assertThat(port.uart.read(0)).isEqualTo(each);
    }
  }

  @Test
  void theTimeoutIsFourCharacters() {
    port.uart.write(1, 0x01);
    line.put("a");
    agent.advance(4 * CHARACTER_NS - 1);
    assertThat(port.uart.interrupting()).isFalse();
    agent.advance(1);
    assertThat(port.uart.read(2)).isEqualTo(0xCC);
  }

  @Test
  void whoDoesNotReadLoses() {
    line.put("0123456789abcdefghij");
    agent.advance(40 * CHARACTER_NS);
    assertThat(line.waiting()).isZero();
    assertThat(port.uart.read(5)).as("overrun").isEqualTo(0x63);
    assertThat(port.uart.overruns()).isEqualTo(4);
    assertThat(port.uart.read(0)).isEqualTo('0');
  }

  @Test
  void aLineWithoutRoomIsWaitedFor() {
    line.room = 1;
    write("abc");
    agent.advance(10 * CHARACTER_NS);
    assertThat(line.text()).isEqualTo("a");
    line.roomFor(10);
    agent.runTasks();
    agent.advance(3 * CHARACTER_NS);
    assertThat(line.text()).isEqualTo("abc");
  }

  @Test
  void loopbackTakesTime() {
    port.uart.write(4, 0x10);
    write("x");
    assertThat(port.uart.read(5) & 1).isZero();
    agent.advance(CHARACTER_NS);
    assertThat(port.uart.read(0)).isEqualTo('x');
    assertThat(line.text()).isEmpty();
  }

  @Test
  void aBreakWaitsForTheShiftRegister() {
    write("ab");
    port.uart.write(3, 0x43);
    agent.runTasks();
    agent.advance(CHARACTER_NS);
    assertThat(line.events).noneMatch(event -> event.startsWith("break"));
    agent.advance(CHARACTER_NS);
    assertThat(line.events).contains("break true after 2");
  }

  @Test
  void aResetInTheMiddleOfACharacter() {
    write("abc");
    agent.advance(CHARACTER_NS / 2);
    port.uart.reset();
    agent.advance(1000 * CHARACTER_NS);
    assertThat(line.text()).isEmpty();
    port.close();
    assertThat(line.closed).isTrue();
    assertThat(agent.nextTimerNs()).isEqualTo(-1);
  }
}
