package farslot.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.function.endpoint.EndpointCounter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Software changes memory, pushes, revokes and resets at random; the card reads, writes and
 * interrupts. A model that keeps the rules byte by byte says what each read must bring: never a
 * byte that the rules have made void.
 */
class EndpointPushFuzzTest {
  private static final int STEPS = 20_000;
  private static final long IOVA = 0x4000_0000L;
  private static final int BYTES = 6 * 4096;
  private static final int ABSENT = 0;
  private static final int STEADY = 1;
  private static final int UNSTEADY = 2;

  private final ProbeCard card = new ProbeCard();
  private final FakeRootComplex root = new FakeRootComplex(card);
  private final MemorySegment to = MemorySegment.ofArray(new byte[BYTES]);
  private final byte[] pushed = new byte[BYTES];
  private final int[] state = new int[BYTES];
  private final MemorySegment memory;
  private int answered;

  EndpointPushFuzzTest() {
    root.enumerate();
    root.enableMsix();
    memory = root.memory().map(IOVA, BYTES);
  }

  @Test
  void neverAStaleByte() {
    Fuzz.run(STEPS, this::run);
  }

  private void run(SplittableRandom random, int steps) {
    for (int i = 0; i < steps; i++) {
      int at = random.nextInt(BYTES);
      int bytes = 1 + random.nextInt(Math.min(BYTES - at, random.nextInt(3) == 0 ? BYTES : 200));
      switch (random.nextInt(40)) {
        case 0 -> revoke();
        case 1 -> reset(random);
        case 2 -> expire();
        case 3, 4 -> interrupt(random);
        case 5, 6, 7 -> write(random, at, bytes);
        case 8, 9, 10, 11, 12, 13 -> change(random, at, bytes);
        case 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25 -> push(random, at, bytes);
        default -> read(at, bytes);
      }
    }
    assertThat(answered).isGreaterThan(steps / 100);
    assertThat(root.endpoint().counters().get(EndpointCounter.PUSHED_READS)).isEqualTo(answered);
  }

  /** Software writes to its memory, for reasons of its own. */
  private void change(SplittableRandom random, int at, int bytes) {
    MemorySegment.copy(Fuzz.bytes(random, bytes), 0, memory, ValueLayout.JAVA_BYTE, at, bytes);
  }

  private void push(SplittableRandom random, int at, int bytes) {
    boolean steady = random.nextInt(4) != 0;
    root.push(IOVA + at, bytes, steady);
    root.run();
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, pushed, at, bytes);
    Arrays.fill(state, at, at + bytes, steady ? STEADY : UNSTEADY);
  }

  private void revoke() {
    root.revoke();
    root.run();
    Arrays.fill(state, ABSENT);
  }

  private void reset(SplittableRandom random) {
    switch (random.nextInt(4)) {
      case 0 -> root.flr();
      case 1 -> root.hotReset();
      case 2 -> {
        root.surpriseRemove();
        root.connect();
      }
      default -> root.busMaster(false);
    }
    Arrays.fill(state, ABSENT);
    root.setUp();
    root.enableMsix();
  }

  private void expire() {
    root.advance(250_000_000);
    Arrays.fill(state, ABSENT);
  }

  private void interrupt(SplittableRandom random) {
    card.port.interrupts().signal(random.nextInt(8));
    root.run();
    software();
  }

  private void write(SplittableRandom random, int at, int bytes) {
    MemorySegment from = MemorySegment.ofArray(Fuzz.bytes(random, bytes));
    card.dma().write(IOVA + at, from, 0, bytes);
    root.run();
    Arrays.fill(state, at, at + bytes, ABSENT);
    software();
  }

  /** Software may have answered: only what is steady is still worth something. */
  private void software() {
    for (int i = 0; i < BYTES; i++) {
      state[i] = state[i] == UNSTEADY ? ABSENT : state[i];
    }
  }

  private void read(int at, int bytes) {
    byte[] expected = new byte[bytes];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, expected, 0, bytes);
    boolean asked = false;
    for (int from = at; from < at + bytes; ) {
      int end = Math.min(at + bytes, (from | 4095) + 1);
      if (allHere(from, end)) {
        System.arraycopy(pushed, from, expected, from - at, end - from);
        Arrays.fill(state, from, end, ABSENT);
        answered++;
      } else {
        asked = true;
      }
      from = end;
    }
    card.read(IOVA + at, to, 0, bytes, 1);
    root.run();
    assertThat(card.takeDone()).containsExactly("1:SC");
    if (asked) {
      software(); // The server's answer is newer than what was pushed before.
    }
    byte[] got = new byte[bytes];
    MemorySegment.copy(to, ValueLayout.JAVA_BYTE, 0, got, 0, bytes);
    assertThat(got).as("%d bytes at %d", bytes, at).isEqualTo(expected);
  }

  private boolean allHere(int from, int end) {
    for (int i = from; i < end; i++) {
      if (state[i] == ABSENT) {
        return false;
      }
    }
    return true;
  }
}
