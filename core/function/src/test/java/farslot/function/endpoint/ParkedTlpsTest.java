package farslot.function.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The ring behaves as an unbounded queue would, until its limit. */
class ParkedTlpsTest {
  private record Model(int bytes, long barrier, boolean write, boolean cancelled) {}

  @Test
  void likeAQueueThroughWrapsGrowthAndCancelling() {
    SplittableRandom random = new SplittableRandom(11);
    ParkedTlps ring = new ParkedTlps(1 << 20);
    ArrayDeque<Model> model = new ArrayDeque<>();
    int longest = 0;
    for (int i = 0; i < 200_000; i++) {
      boolean filling = i / 4000 % 2 == 0;
      if (random.nextInt(100) < (filling ? 51 : 40)) {
        append(ring, model, random, i);
      } else if (!model.isEmpty()) {
        checkFirst(ring, model.remove());
      } else {
        assertThat(ring.isEmpty()).isTrue();
      }
      if (random.nextInt(5000) == 0) {
        ring.cancelMemoryWrites();
        ArrayDeque<Model> after = new ArrayDeque<>();
        model.forEach(each -> after.add(cancel(each)));
        model = after;
      }
      longest = Math.max(longest, model.size());
    }
    assertThat(longest).as("it was worth it").isGreaterThan(60);
  }

  private static Model cancel(Model each) {
    return new Model(each.bytes, each.barrier, each.write, each.cancelled || each.write);
  }

  private static void append(
      ParkedTlps ring, ArrayDeque<Model> model, SplittableRandom random, int i) {
    int bytes = 12 + 4 * random.nextInt(random.nextInt(3) == 0 ? 1027 : 4);
    boolean write = random.nextBoolean();
    long at = ring.append(bytes, bytes - 12, i);
    if (at < 0) {
      assertThat(model.stream().mapToInt(each -> each.bytes + 24).sum()).isGreaterThan(400_000);
      return;
    }
    ring.segment().set(ValueLayout.JAVA_BYTE, at, (byte) (write ? 0x40 : 0x34));
    ring.segment().set(ValueLayout.JAVA_BYTE, at + bytes - 1, (byte) i);
    model.add(new Model(bytes, i, write, false));
  }

  private static void checkFirst(ParkedTlps ring, Model first) {
    assertThat(ring.isEmpty()).isFalse();
    assertThat(ring.tlpBytes()).isEqualTo(first.bytes);
    assertThat(ring.barrier()).isEqualTo(first.barrier);
    assertThat(ring.isMemoryWrite()).isEqualTo(first.write);
    assertThat(ring.cancelled()).isEqualTo(first.cancelled);
    byte last = ring.segment().get(ValueLayout.JAVA_BYTE, ring.offset() + first.bytes - 1);
    assertThat(last).isEqualTo((byte) first.barrier);
    ring.pop();
  }

  @Test
  void theLimitHolds() {
    ParkedTlps ring = new ParkedTlps(128 << 10);
    int taken = 0;
    while (taken < 1000 && ring.append(4112, 4096, 0) >= 0) {
      taken++;
    }
    assertThat(taken).isBetween(30, 31);
    ring.clear();
    assertThat(ring.isEmpty()).isTrue();
    assertThat(ring.append(4112, 4096, 0)).isNotNegative();
  }
}
