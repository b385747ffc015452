package farslot.cards.uart16550;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.testkit.Allocations;
import farslot.testkit.FakeAgent;
import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Software that writes anything anywhere, and a line that floods and stalls. */
class UartFuzzTest {
  private final FakeAgent agent = new FakeAgent();
  private final FakeLine line = new FakeLine();

  @Test
  void registersAgreeWithEachOtherWhateverIsWritten() {
    Fuzz.run(
        20_000, (random, steps) -> noise(new UartPort(new Quiet(), line, 115_200), random, steps));
  }

  @Test
  void alsoWhenCharactersTakeTime() {
    Fuzz.run(
        20_000,
        (random, steps) -> noise(new PacedPort(new Quiet(), line, 4_000_000), random, steps));
  }

  private void noise(UartPort port, SplittableRandom random, int steps) {
    port.open(agent);
    for (int i = 0; i < steps; i++) {
      step(port, random);
      Uart uart = port.uart;
      boolean interrupting = uart.interrupting();
      int transmitting = uart.transmitter().count();
      assertThat(uart.read(2) & 1).isEqualTo(interrupting ? 0 : 1);
      assertThat(uart.read(5) & 0x20).isEqualTo(transmitting == 0 ? 0x20 : 0);
      assertThat(uart.read(1) & 0xF0 & (uart.read(3) < 0x80 ? 0xFF : 0)).isZero();
      assertThat(transmitting).isBetween(0, 16);
    }
    port.uart.reset();
    assertThat(port.uart.interrupting()).isFalse();
    assertThat(port.uart.read(5)).isEqualTo(0x60);
    port.close();
  }

  private void step(UartPort port, SplittableRandom random) {
    switch (random.nextInt(10)) {
      case 0 -> line.put(Fuzz.bytes(random, random.nextInt(line.waiting() > 1000 ? 1 : 40)));
      case 1 -> line.roomFor(random.nextInt(30));
      case 2 ->
          line.listener()
              .onLines(
                  random.nextBoolean(),
                  random.nextBoolean(),
                  random.nextBoolean(),
                  random.nextBoolean());
      case 3 -> agent.advance(random.nextInt(10_000_000));
      case 4 -> {
        if (random.nextInt(8) == 0) {
          port.uart.reset();
        } else if (random.nextBoolean()) {
          line.listener().onBreak();
        } else {
          line.listener().onDamaged((byte) random.nextInt(), random.nextBoolean());
        }
      }
      case 5, 6, 7 -> port.uart.write(random.nextInt(8), random.nextInt(256));
      default -> port.uart.read(random.nextInt(8));
    }
    line.events.clear();
    line.got.reset();
    agent.runTasks();
  }

  @Test
  void nothingIsLostBetweenSoftwareThatLooksAndALineThatStalls() {
    Fuzz.run(20_000, this::exchange);
  }

  private void exchange(SplittableRandom random, int steps) {
    UartPort port = new UartPort(new Quiet(), line, 115_200);
    port.open(agent);
    port.uart.write(3, 0x03);
    port.uart.write(2, 0x07);
    ByteArrayOutputStream put = new ByteArrayOutputStream();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    for (int i = 0; i < steps; i++) {
      switch (random.nextInt(4)) {
        case 0 -> {
          byte[] some = Fuzz.bytes(random, random.nextInt(line.waiting() > 1000 ? 1 : 40));
          put.writeBytes(some);
          line.put(some);
        }
        case 1 -> line.roomFor(random.nextInt(30));
        case 2 -> read(port, read, random.nextInt(20));
        default -> write(port, written, Fuzz.bytes(random, random.nextInt(17)));
      }
      agent.runTasks();
    }
    line.roomFor(Integer.MAX_VALUE);
    agent.runTasks();
    read(port, read, Integer.MAX_VALUE);
    assertThat(read.toByteArray()).isEqualTo(put.toByteArray());
    assertThat(line.got.toByteArray()).isEqualTo(written.toByteArray());
    assertThat(port.uart.overruns()).isZero();
  }

  private void read(UartPort port, ByteArrayOutputStream to, int most) {
    for (int i = 0; i < most && (port.uart.read(5) & 1) != 0; i++) {
      to.write(port.uart.read(0));
      agent.runTasks();
    }
  }

  private static void write(UartPort port, ByteArrayOutputStream log, byte[] bytes) {
    if ((port.uart.read(5) & 0x20) != 0) {
      int count = Math.min(bytes.length, 16);
      for (int i = 0; i < count; i++) {
        port.uart.write(0, bytes[i] & 0xFF);
      }
      log.write(bytes, 0, count);
    }
  }

  @Test
  void nothingIsAllocatedForACharacter() {
    UartPort port = new UartPort(new Quiet(), new Nowhere(), 115_200);
    Runnable[] due = new Runnable[1];
    port.open(new Once(due));
    port.uart.write(3, 0x03);
    port.uart.write(2, 0x07);
    port.uart.write(1, 0x0F);
    double perTurn =
        Allocations.perTurn(
            5000,
            () -> {
              port.uart.write(0, 'x');
              due[0].run();
              port.uart.receive('y', 0);
              port.uart.read(2);
              port.uart.read(5);
              port.uart.read(0);
              port.uart.read(2);
              port.uart.read(6);
            });
    assertThat(perTurn).isLessThan(1);
  }

  private record Once(Runnable[] due) implements farslot.function.Agent {
    @Override
    public long nowNs() {
      return 0;
    }

    @Override
    public Timer timer(Runnable task) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable task) {
      due[0] = task;
    }
  }
}
