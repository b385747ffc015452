package farslot.cards.nettlp;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.testkit.FakeRootComplex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Datagrams of any kind from the program: what is behind them stays well. */
class NetTlpFuzzTest {
  private static final long MEMORY = 0x1000_0000L;
  private static final int[] PORTS = {
    0x2FFF, 0x3000, 0x3001, 0x30FF, 0x4000, 0x4001, 0x400F, 0x5001
  };

  private final Wires wires = new Wires();
  private final NetTlpFunction card =
      new NetTlpFunction(new NetTlpConfig(64 << 10, 16, 500_000_000L), wires);
  private final FakeRootComplex root = new FakeRootComplex(card);

  private final List<Integer> asked = new ArrayList<>();

  @Test
  void anything() {
    root.enumerate();
    root.memory().map(MEMORY, 64 << 10);
    Fuzz.run(20_000, this::noise);
    root.hotReset();
    root.setUp();
    wires.seen.clear();
    root.memory().putBytes(MEMORY, new byte[] {1, 2, 3, 4});
    wires.put(0x3000, Datagrams.read(0, MEMORY, 4));
    root.run();
    assertThat(Datagrams.data(wires.seen.poll().datagram())).containsExactly(1, 2, 3, 4);
  }

  private void noise(SplittableRandom random, int steps) {
    for (int i = 0; i < steps; i++) {
      int port = PORTS[random.nextInt(PORTS.length)];
      wires.put(port, datagram(random, port));
      if (random.nextInt(8) == 0) {
        long bar = root.found().bars().get(4).address();
        asked.add(root.ask(bar, 1 + random.nextInt(64)));
        root.advance(random.nextInt(1000) * 1_000_000L);
      }
      while (wires.seen.size() > 64) {
        wires.seen.poll();
      }
      root.run();
      asked.removeIf(tag -> root.answer(tag) != null);
    }
    root.advance(500_000_000L);
    asked.removeIf(tag -> root.answer(tag) != null);
    assertThat(asked).as("every read of the server is answered").isEmpty();
  }

  private byte[] datagram(SplittableRandom random, int port) {
    byte[] bytes =
        switch (random.nextInt(5)) {
          case 0 -> raw(random, random.nextInt(64));
          case 1 ->
              Datagrams.read(port & 0xFF, MEMORY + random.nextInt(70_000), 1 + random.nextInt(64));
          case 2 ->
              Datagrams.write(
                  port, MEMORY + random.nextInt(70_000), raw(random, 1 + random.nextInt(64)));
          case 3 -> reply(random);
          default -> raw(random, random.nextInt(5000));
        };
    for (int flips = random.nextInt(3); flips > 0 && bytes.length > 0; flips--) {
      bytes[random.nextInt(Math.min(bytes.length, 24))] ^= (byte) (1 << random.nextInt(8));
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 8)) : bytes;
  }

  /** A completion of something that was really asked. */
  private byte[] reply(SplittableRandom random) {
    for (Wires.Sent sent : wires.seen) {
      if (sent.datagram().length >= 18
          && (Datagrams.type(sent.datagram()) & 0x5F) == 0
          && random.nextBoolean()) {
        return Datagrams.completion(sent.datagram(), random.nextInt(4), 4, raw(random, 4));
      }
    }
    return raw(random, 22);
  }

  private static byte[] raw(SplittableRandom random, int bytes) {
    byte[] raw = new byte[bytes];
    random.nextBytes(raw);
    return raw;
  }
}
