package farslot.backend.serial;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.function.SerialLine;
import farslot.function.SerialSettings;
import farslot.testkit.FakeAgent;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** RFC 2217 as it is on the wire; the numbers are the RFCs', not the code's. */
class Rfc2217LineTest {
  private final FakeAgent agent = new FakeAgent();
  private final FakeCall call = new FakeCall();
  private final End end = new End();
  private final Rfc2217Line line = new Rfc2217Line(call, "ports.example:2217", false);
  private final MemorySegment buffer = Arena.ofAuto().allocate(8192);

  private static final class End implements SerialLine.Listener {
    final ByteArrayOutputStream got = new ByteArrayOutputStream();
    int appetite = Integer.MAX_VALUE;
    String lines = "none yet";
    int breaks;
    int rooms;

    @Override
    public int onBytes(MemorySegment data, long offset, int bytes) {
      int taken = Math.min(appetite, bytes);
      got.writeBytes(data.asSlice(offset, taken).toArray(ValueLayout.JAVA_BYTE));
      appetite -= taken;
      return taken;
    }

    @Override
    public void onRoom() {
      rooms++;
    }

    @Override
    public void onLines(boolean cts, boolean dsr, boolean ri, boolean dcd) {
      lines = (cts ? "C" : "-") + (dsr ? "D" : "-") + (ri ? "R" : "-") + (dcd ? "K" : "-");
    }

    @Override
    public void onBreak() {
      breaks++;
    }
  }

  Rfc2217LineTest() {
    line.open(agent, end);
    agent.advance(0);
    call.connect();
  }

  private String sent() {
    String hex = java.util.HexFormat.of().withDelimiter(" ").formatHex(call.sent.toByteArray());
    call.sent.reset();
    return hex;
  }

  private void agree() {
    sent();
    call.put(255, 253, 44); // DO COM-PORT
  }

  private int send(int... values) {
    for (int i = 0; i < values.length; i++) {
      buffer.set(ValueLayout.JAVA_BYTE, i, (byte) values[i]);
    }
    return line.send(buffer, 0, values.length);
  }

  @Test
  void asksForEightBitsAndComPortControl() {
    assertThat(sent()).isEqualTo("ff fb 00 ff fd 00 ff fb 03 ff fd 03 ff fb 2c");
    assertThat(end.lines).as("not known yet").isEqualTo("none yet");
  }

  @Test
  void tellsSettingsAndLinesOnceTheOtherEndAgrees() {
    line.settings(
        new SerialSettings(9600, 7, SerialSettings.Parity.EVEN, SerialSettings.StopBits.TWO));
    line.lines(true, false);
    sent();
    call.put(255, 253, 44);
    assertThat(sent())
        .isEqualTo(
            "ff fa 2c 0a 10 ff f0 ff fa 2c 0b ff ff ff f0 ff fa 2c 05 01 ff f0"
                + " ff fa 2c 01 00 00 25 80 ff f0 ff fa 2c 02 07 ff f0"
                + " ff fa 2c 03 03 ff f0 ff fa 2c 04 02 ff f0"
                + " ff fa 2c 05 08 ff f0 ff fa 2c 05 0c ff f0");
    line.lines(false, true);
    assertThat(sent()).isEqualTo("ff fa 2c 05 09 ff f0 ff fa 2c 05 0b ff f0");
    line.sendBreak(true);
    line.sendBreak(true);
    line.sendBreak(false);
    assertThat(sent()).isEqualTo("ff fa 2c 05 05 ff f0 ff fa 2c 05 06 ff f0");
    line.settings(
        new SerialSettings(0xFF00, 5, SerialSettings.Parity.MARK, SerialSettings.StopBits.TWO));
    assertThat(sent())
        .isEqualTo(
            "ff fa 2c 01 00 00 ff ff 00 ff f0 ff fa 2c 02 05 ff f0"
                + " ff fa 2c 03 04 ff f0 ff fa 2c 04 03 ff f0");
  }

  @Test
  void theOtherEndsSignalsComeHere() {
    agree();
    call.put(255, 250, 44, 107, 0xB1, 255, 240);
    assertThat(end.lines).isEqualTo("CD-K");
    call.put(255, 250, 44, 107, 0x40, 255, 240);
    assertThat(end.lines).isEqualTo("--R-");
    call.put(255, 250, 44, 107, 255, 255, 255, 240);
    assertThat(end.lines).isEqualTo("CDRK");
    call.put(255, 250, 44, 106, 0x71, 255, 240);
    assertThat(end.breaks).isEqualTo(1);
    call.put(255, 250, 44, 106, 0x60, 255, 240);
    assertThat(end.breaks).isEqualTo(1);
    call.end();
    assertThat(end.lines).isEqualTo("----");
  }

  @Test
  void withoutComPortControlItIsAPlainLine() {
    call.put(255, 254, 44);
    assertThat(end.lines).isEqualTo("CD-K");
    sent();
    line.lines(true, true);
    line.sendBreak(true);
    assertThat(sent()).isEmpty();
    assertThat(send('h', 'i')).isEqualTo(2);
    assertThat(sent()).isEqualTo("68 69");
  }

  @Test
  void bytesOf255AreSentTwice() {
    agree();
    sent();
    send(1, 255, 2, 255, 255);
    assertThat(sent()).isEqualTo("01 ff ff 02 ff ff ff ff");
    call.put('a', 255, 255, 'b', 255);
    call.put(255, 255, 241, 'c');
    assertThat(end.got.toByteArray()).containsExactly('a', -1, 'b', -1, 'c');
  }

  @Test
  void questionsAreAnsweredOnceEach() {
    agree();
    sent();
    call.put(255, 251, 1); // WILL ECHO
    assertThat(sent()).isEqualTo("ff fe 01");
    call.put(255, 253, 24); // DO TERMINAL-TYPE
    assertThat(sent()).isEqualTo("ff fc 18");
    call.put(255, 253, 0, 255, 251, 0, 255, 252, 1, 255, 254, 24);
    assertThat(sent()).as("what we asked for, and what is off").isEmpty();
    call.put(255, 254, 0);
    assertThat(sent()).isEqualTo("ff fc 00");
  }

  @Test
  void anAppetiteThatIsSmallLosesNothing() {
    agree();
    end.appetite = 1;
    call.put('a', 255, 255, 255, 250, 44, 107, 0x10, 255, 240, 'b');
    assertThat(end.got.size()).isEqualTo(1);
    end.appetite = 1;
    line.resume();
    assertThat(end.lines).as("behind the byte of 255").isEqualTo("C---");
    end.appetite = 1;
    line.resume();
    assertThat(end.got.toByteArray()).containsExactly('a', -1, 'b');
    assertThat(call.waiting()).isZero();
  }

  @Test
  void theOtherEndMayAskForSilence() {
    agree();
    sent();
    call.put(255, 250, 44, 108, 255, 240);
    assertThat(send('a')).isZero();
    call.put(255, 250, 44, 109, 255, 240);
    assertThat(end.rooms).isEqualTo(1);
    assertThat(send('a')).isEqualTo(1);
  }

  @Test
  void aConnectionThatStandsStillHoldsUs() {
    agree();
    sent();
    call.room = 10;
    for (int i = 0; i < 8192; i++) {
      buffer.set(ValueLayout.JAVA_BYTE, i, (byte) 0xFF);
    }
    int taken = line.send(buffer, 0, 8192);
    assertThat(taken).isBetween(1000, 4096);
    line.lines(true, true);
    assertThat(end.rooms).isZero();
    call.roomFor(100_000);
    assertThat(end.rooms).isEqualTo(1);
    assertThat(call.sent.size()).isEqualTo(2 * taken + 14);
  }

  @Test
  void itIsCalledAgain() {
    agree();
    assertThat(call.dialled).isEqualTo(1);
    call.end();
    agent.advance(6_000_000_000L);
    assertThat(call.dialled).isEqualTo(2);
    sent();
    call.connect();
    assertThat(sent()).startsWith("ff fb 00");
    line.close();
    assertThat(call.closed).isTrue();
  }

  @Test
  void withstandsAnything() {
    Fuzz.run(
        20_000,
        (random, steps) -> {
          for (int i = 0; i < steps; i++) {
            step(random);
          }
        });
    end.appetite = Integer.MAX_VALUE;
    call.room = Integer.MAX_VALUE;
    call.end();
    agent.advance(6_000_000_000L);
    call.connect();
    agree();
    end.got.reset();
    call.put('o', 'k');
    assertThat(end.got.toByteArray()).containsExactly('o', 'k');
  }

  private void step(SplittableRandom random) {
    switch (random.nextInt(8)) {
      case 0, 1, 2, 3 -> call.put(talk(random));
      case 4 -> call.roomFor(random.nextInt(100));
      case 5 -> {
        end.appetite = random.nextInt(100);
        line.resume();
      }
      case 6 -> line.send(buffer, random.nextInt(4096), 1 + random.nextInt(4096));
      default -> {
        line.lines(random.nextBoolean(), random.nextBoolean());
        line.sendBreak(random.nextBoolean());
      }
    }
    call.sent.reset();
    end.got.reset();
    if (call.waiting() > 5000) {
      end.appetite = Integer.MAX_VALUE;
      line.resume();
      assertThat(call.waiting()).isZero();
    }
  }

  private static int[] talk(SplittableRandom random) {
    int[] likely = {255, 255, 250, 240, 251, 252, 253, 254, 44, 0, 3, 106, 107, 108, 109};
    int[] bytes = new int[1 + random.nextInt(random.nextInt(20) == 0 ? 300 : 12)];
    Arrays.setAll(
        bytes,
        i -> random.nextInt(3) == 0 ? random.nextInt(256) : likely[random.nextInt(likely.length)]);
    return bytes;
  }
}
