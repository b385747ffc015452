package farslot.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordRingTest {
  /** Against a queue of arrays: same order, same bytes, never more than fits. */
  @Test
  void isAQueueOfRecords() {
    long seed = Fuzz.seed();
    Random random = new Random(seed);
    RecordRing ring = new RecordRing(1024);
    Queue<byte[]> model = new ArrayDeque<>();
    for (int i = 0; i < Fuzz.iterations(20_000); i++) {
      if (random.nextInt(5) < 3) {
        byte[] record = new byte[random.nextInt(200)];
        random.nextBytes(record);
        boolean fits = ring.fits(record.length);
        long at = ring.put(record.length);
        assertThat(at >= 0 || !fits).as("seed %d step %d", seed, i).isTrue();
        if (at >= 0) {
          model.add(record);
          for (int b = 0; b < record.length; b++) {
            ring.memory().set(ValueLayout.JAVA_BYTE, at + b, record[b]);
          }
        }
      } else if (!model.isEmpty()) {
        byte[] expected = model.remove();
        long at = ring.first();
        byte[] found = new byte[ring.firstBytes()];
        for (int b = 0; b < found.length; b++) {
          found[b] = ring.memory().get(ValueLayout.JAVA_BYTE, at + b);
        }
        assertThat(found).as("seed %d step %d", seed, i).isEqualTo(expected);
        ring.pop();
      } else if (random.nextInt(10) == 0) {
        ring.clear();
      }
      assertThat(ring.isEmpty()).as("seed %d step %d", seed, i).isEqualTo(model.isEmpty());
      assertThat(ring.given() - ring.taken()).isEqualTo(model.size());
    }
  }

  @Test
  void refusesWhatIsLargerThanItself() {
    RecordRing ring = new RecordRing(64);
    assertThat(ring.put(100)).isEqualTo(-1);
    assertThat(ring.fits(100)).isFalse();
    assertThat(ring.put(56)).isGreaterThanOrEqualTo(0);
    assertThat(ring.put(1)).isEqualTo(-1);
    ring.pop();
    assertThat(ring.put(56)).isGreaterThanOrEqualTo(0);
  }
}
