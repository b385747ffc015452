package farslot.cards.uart16550;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.SerialSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The registers alone. The numbers here are the data sheet's, not the code's. */
class UartTest {
  private final List<String> effects = new ArrayList<>();
  private final List<String> order = new ArrayList<>();
  private final Uart uart = new Uart(new Recorder(), 115_200);

  UartTest() {
    uart.write(3, 0x03);
  }

  private final class Recorder implements Uart.Effects {
    @Override
    public void statusChanged() {
      order.add("status " + uart.readsPlainly());
    }

    @Override
    public void interrupt(boolean asserted) {
      order.add("interrupt " + asserted);
      effects.add("interrupt " + asserted);
    }

    @Override
    public void transmit() {
      effects.add("transmit");
    }

    @Override
    public void receiverReady() {}

    @Override
    public void receiverActive() {}

    @Override
    public void modemControl(boolean dtr, boolean rts) {
      effects.add("dtr " + dtr + " rts " + rts);
    }

    @Override
    public void sendBreak(boolean on) {
      effects.add("break " + on);
    }

    @Override
    public void settings(SerialSettings settings) {
      effects.add(settings.toString());
    }
  }

  private void fifos(int trigger) {
    uart.write(2, trigger << 6 | 0x07);
  }

  private void receive(int... values) {
    for (int value : values) {
      uart.receive(value, 0);
    }
  }

  @Test
  void afterReset() {
    uart.write(1, 0x0F);
    uart.write(3, 0x5B);
    uart.write(4, 0x1F);
    uart.write(7, 0x99);
    receive(1, 2);
    uart.reset();
    int[] expected = {0, 0, 0x01, 0, 0, 0x60, 0, 0};
    for (int offset = 0; offset < 8; offset++) {
      assertThat(uart.read(offset)).as("register %d", offset).isEqualTo(expected[offset]);
    }
    assertThat(uart.interrupting()).isFalse();
  }

  @Test
  void registersKeepWhatTheyHave() {
    uart.write(1, 0xFF);
    assertThat(uart.read(1)).isEqualTo(0x0F);
    uart.write(4, 0xFF);
    assertThat(uart.read(4)).isEqualTo(0x1F);
    uart.write(7, 0xA5);
    assertThat(uart.read(7)).isEqualTo(0xA5);
    uart.write(3, 0x9B);
    assertThat(uart.read(3)).isEqualTo(0x9B);
    uart.write(5, 0xFF);
    uart.write(6, 0xFF);
    assertThat(uart.read(5)).isEqualTo(0x60);
  }

  @Test
  void divisorIsBehindDlab() {
    uart.write(3, 0x83);
    uart.write(0, 0x0C);
    uart.write(1, 0x00);
    assertThat(uart.read(0)).isEqualTo(0x0C);
    assertThat(effects).as("not while it is being written").isEmpty();
    uart.write(3, 0x03);
    assertThat(effects).containsExactly("9600 8N1");
    uart.write(3, 0x03);
    assertThat(effects).as("only changes").hasSize(1);
    assertThat(uart.read(1)).isZero();
    for (int[] format : new int[][] {{0x00, 5}, {0x01, 6}, {0x02, 7}}) {
      uart.write(3, format[0]);
      assertThat(effects.getLast()).isEqualTo("9600 " + format[1] + "N1");
    }
    String[] parity = {"8O1", "8E1", "8M1", "8S1"};
    int[] bits = {0x0B, 0x1B, 0x2B, 0x3B};
    for (int i = 0; i < 4; i++) {
      uart.write(3, bits[i]);
      assertThat(effects.getLast()).isEqualTo("9600 " + parity[i]);
    }
    uart.write(3, 0x07);
    assertThat(effects.getLast()).isEqualTo("9600 8N2");
    uart.write(3, 0x04);
    assertThat(effects.getLast()).isEqualTo("9600 5N1.5");
  }

  @Test
  void aDivisorOfZeroIsNoSpeed() {
    uart.write(3, 0x83);
    uart.write(0, 0);
    uart.write(1, 0);
    uart.write(3, 0x03);
    assertThat(effects).isEmpty();
    assertThat(uart.settings().baud()).isEqualTo(2);
  }

  @Test
  void interruptsInTheOrderOfTheirPriority() {
    fifos(0);
    uart.lines(true, false, false, false, true);
    uart.receive('a', 0x08);
    uart.write(1, 0x0F);
    assertThat(uart.interrupting()).isTrue();
    assertThat(uart.read(2)).as("line status").isEqualTo(0xC6);
    assertThat(uart.read(5)).as("framing error, data, an error in the FIFO").isEqualTo(0xE9);
    assertThat(uart.read(5)).isEqualTo(0x61);
    assertThat(uart.read(2)).as("data").isEqualTo(0xC4);
    assertThat(uart.read(0)).isEqualTo('a');
    assertThat(uart.read(2)).as("THR empty").isEqualTo(0xC2);
    assertThat(uart.read(2)).as("modem status: reading IIR ended the other").isEqualTo(0xC0);
    assertThat(uart.read(6)).isEqualTo(0x11);
    assertThat(uart.read(2)).isEqualTo(0xC1);
    assertThat(uart.interrupting()).isFalse();
    assertThat(effects).containsExactly("interrupt true", "interrupt false");
  }

  @Test
  void iirDoesNotEndAnInterruptThatItDoesNotShow() {
    fifos(0);
    uart.write(1, 0x03);
    receive('a');
    assertThat(uart.read(2)).isEqualTo(0xC4);
    uart.read(0);
    assertThat(uart.read(2)).isEqualTo(0xC2);
  }

  @Test
  void triggerLevels() {
    int[] levels = {1, 4, 8, 14};
    for (int trigger = 0; trigger < 4; trigger++) {
      fifos(trigger);
      uart.write(1, 0x01);
      for (int i = 1; i < levels[trigger]; i++) {
        receive(i);
        assertThat(uart.read(2)).as("%d of %d", i, levels[trigger]).isEqualTo(0xC1);
      }
      receive(99);
      assertThat(uart.read(2)).isEqualTo(0xC4);
      uart.read(0);
      assertThat(uart.read(2)).as("one below").isEqualTo(0xC1);
    }
  }

  @Test
  void characterTimeout() {
    fifos(3);
    uart.write(1, 0x01);
    receive('a', 'b');
    uart.receiverTimeout();
    assertThat(uart.interrupting()).isTrue();
    assertThat(uart.read(2)).isEqualTo(0xCC);
    assertThat(uart.read(2)).as("still there").isEqualTo(0xCC);
    assertThat(uart.read(0)).isEqualTo('a');
    assertThat(uart.read(2)).as("its clock starts anew").isEqualTo(0xC1);
    uart.receiverTimeout();
    assertThat(uart.read(0)).isEqualTo('b');
    uart.receiverTimeout();
    assertThat(uart.interrupting()).as("nothing waits").isFalse();
  }

  @Test
  void withoutFifosOneCharacterIsHeld() {
    receive('a');
    assertThat(uart.read(5)).isEqualTo(0x61);
    receive('b');
    assertThat(uart.read(5)).as("overrun").isEqualTo(0x63);
    assertThat(uart.read(5)).as("told once").isEqualTo(0x61);
    assertThat(uart.read(0)).as("the old one is lost").isEqualTo('b');
    assertThat(uart.read(0)).as("RBR keeps it").isEqualTo('b');
    assertThat(uart.read(5)).isEqualTo(0x60);
    assertThat(uart.overruns()).isEqualTo(1);
  }

  @Test
  void withFifosTheNewCharacterIsLost() {
    fifos(0);
    for (int i = 0; i < 17; i++) {
      receive(i);
    }
    assertThat(uart.read(5)).isEqualTo(0x63);
    for (int i = 0; i < 16; i++) {
      assertThat(uart.read(0)).isEqualTo(i);
    }
    assertThat(uart.read(5)).isEqualTo(0x60);
  }

  @Test
  void errorsAreShownWithTheirCharacter() {
    fifos(0);
    uart.receive('a', 0);
    uart.receive('b', 0x04);
    uart.receive(0, 0x18);
    assertThat(uart.read(5)).as("the first is well, others are not").isEqualTo(0xE1);
    uart.read(0);
    assertThat(uart.read(5)).as("parity").isEqualTo(0xE5);
    uart.read(0);
    assertThat(uart.read(5)).as("break").isEqualTo(0xF9);
    assertThat(uart.read(5)).isEqualTo(0x61);
    assertThat(uart.read(0)).isZero();
  }

  @Test
  void switchingFifosEmptiesThem() {
    fifos(0);
    receive('a', 'b');
    uart.write(0, 'c');
    uart.write(2, 0x00);
    assertThat(uart.read(5)).isEqualTo(0x60);
    assertThat(uart.transmitter().count()).isZero();
    uart.write(2, 0xC6);
    assertThat(uart.read(2)).as("bit 0 must be set for the others to count").isEqualTo(0x01);
    fifos(0);
    receive('a', 'b');
    uart.write(2, 0x01);
    assertThat(uart.read(5)).as("on and on again keeps them").isEqualTo(0x61);
    uart.write(2, 0x03);
    assertThat(uart.read(5)).isEqualTo(0x60);
  }

  @Test
  void transmitterEmptiesAndSaysSo() {
    fifos(0);
    uart.write(1, 0x02);
    assertThat(uart.read(2)).as("enabling it while THR is empty").isEqualTo(0xC2);
    assertThat(uart.read(2)).isEqualTo(0xC1);
    uart.write(1, 0x02);
    assertThat(uart.read(2)).as("not newly enabled").isEqualTo(0xC1);
    for (int i = 0; i < 16; i++) {
      uart.write(0, 'a' + i);
    }
    assertThat(uart.read(5)).isEqualTo(0x00);
    uart.sent(15);
    assertThat(uart.read(5)).isEqualTo(0x00);
    assertThat(uart.interrupting()).isFalse();
    uart.sent(1);
    assertThat(uart.read(5)).isEqualTo(0x60);
    assertThat(uart.interrupting()).isTrue();
    uart.write(0, 'z');
    assertThat(uart.interrupting()).as("writing THR ends it, too").isFalse();
  }

  @Test
  void theShiftRegisterIsBehindThr() {
    uart.write(0, 'a');
    assertThat(uart.read(5)).isEqualTo(0x00);
    assertThat(uart.shift()).isTrue();
    assertThat(uart.read(5)).as("THR empty, transmitter not").isEqualTo(0x20);
    assertThat(uart.transmitter().shifted()).isEqualTo('a');
    uart.shifted();
    assertThat(uart.read(5)).isEqualTo(0x60);
    assertThat(uart.shift()).isFalse();
  }

  @Test
  void aFullTransmitterIsWrittenOver() {
    fifos(0);
    for (int i = 0; i < 1000; i++) {
      uart.write(0, i);
    }
    assertThat(uart.transmitter().count()).isEqualTo(16);
    for (int i = 0; i < 15; i++) {
      uart.shift();
      assertThat(uart.transmitter().shifted()).isEqualTo(i);
      uart.shifted();
    }
    uart.shift();
    assertThat(uart.transmitter().shifted()).isEqualTo(999 & 0xFF);
  }

  @Test
  void charactersHaveAsManyBitsAsTheyHave() {
    uart.write(3, 0x02);
    uart.write(0, 0xFF);
    uart.shift();
    assertThat(uart.transmitter().shifted()).isEqualTo(0x7F);
    receive(0xC1);
    assertThat(uart.read(0)).isEqualTo(0x41);
  }

  @Test
  void modemStatusTellsChangesOnce() {
    uart.write(1, 0x08);
    uart.lines(true, true, true, true, true);
    assertThat(uart.interrupting()).isTrue();
    assertThat(uart.read(6)).as("a ring that begins is no trailing edge").isEqualTo(0xFB);
    assertThat(uart.interrupting()).isFalse();
    assertThat(uart.read(6)).isEqualTo(0xF0);
    uart.lines(true, true, false, true, true);
    assertThat(uart.read(6)).as("it ends").isEqualTo(0xB4);
    uart.lines(false, true, false, true, true);
    uart.lines(true, true, false, true, true);
    assertThat(uart.read(6)).as("there and back").isEqualTo(0xB1);
  }

  @Test
  void loopback() {
    fifos(0);
    uart.lines(true, true, false, true, true);
    uart.write(4, 0x03);
    uart.read(6);
    uart.write(4, 0x1F);
    assertThat(effects).containsExactly("dtr true rts true", "dtr false rts false");
    assertThat(uart.read(6)).as("CTS, DSR, RI, DCD are RTS, DTR, OUT1, OUT2").isEqualTo(0xF0);
    uart.write(4, 0x18);
    assertThat(uart.read(6)).isEqualTo(0x87);
    assertThat(uart.receiverRoom()).as("the line leads nowhere").isZero();
    uart.write(1, 0x01);
    for (int i = 0; i < 16; i++) {
      uart.write(0, 0x40 + i);
    }
    uart.loopBack();
    assertThat(uart.interrupting()).isTrue();
    for (int i = 0; i < 16; i++) {
      assertThat(uart.read(0)).isEqualTo(0x40 + i);
    }
    uart.write(4, 0x03);
    assertThat(uart.read(6) & 0xF0).isEqualTo(0xB0);
    assertThat(uart.receiverRoom()).isEqualTo(16);
  }

  @Test
  void breakIsForTheLine() {
    uart.write(3, 0x43);
    uart.write(3, 0x43);
    uart.write(3, 0x03);
    assertThat(effects).containsExactly("break true", "break false");
  }

  @Test
  void usualRatesAreRecognised() {
    int[][] rates = {
      {4_000_000, 35, 115_200},
      {4_000_000, 417, 9600},
      {4_000_000, 4, 1_000_000},
      {115_200, 3, 38_400},
      {115_200, 7, 16_457},
      {115_200, 2304, 50},
      {115_200, 65_535, 2},
    };
    for (int[] rate : rates) {
      assertThat(BaudRates.nearest(rate[0], rate[1])).isEqualTo(rate[2]);
    }
  }

  @Test
  void whatCanBeReadWithoutAskingIsToldBeforeItsInterrupt() {
    fifos(0);
    uart.write(1, 0x0D);
    order.clear();
    receive('a', 'b');
    assertThat(order).containsExactly("status true", "interrupt true");
    uart.read(0);
    assertThat(order).as("there is one more").hasSize(2);
    uart.read(0);
    assertThat(order).hasSize(4).endsWith("status true", "interrupt false");
    uart.lines(true, false, false, false, true);
    assertThat(order).hasSize(6).endsWith("status false", "interrupt true");
    assertThat(uart.readsPlainly()).as("reading ends the delta").isFalse();
    uart.read(6);
    assertThat(order).hasSize(8).endsWith("status true", "interrupt false");
    uart.receive('c', 0x08);
    assertThat(uart.readsPlainly()).as("reading ends the error").isFalse();
    uart.read(5);
    assertThat(uart.readsPlainly()).isTrue();
  }
}
