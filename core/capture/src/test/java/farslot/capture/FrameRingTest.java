package farslot.capture;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.testkit.Allocations;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrameRingTest {
  private static final int RING_BYTES = 1 << 17;

  /** Keeps all that it is given. */
  private static final class Kept implements FrameRing.Reader {
    final List<String> entries = new ArrayList<>();

    @Override
    public void onRail(int rail, String name) {
      entries.add(rail + "=" + name);
    }

    @Override
    public void onFrame(
        int rail,
        boolean inbound,
        long timeNs,
        int lost,
        MemorySegment segment,
        long offset,
        int bytes) {
      int first = bytes > 0 ? segment.get(ValueLayout.JAVA_BYTE, offset) : -1;
      entries.add(
          "%d %s %d lost %d: %d bytes of %d"
              .formatted(rail, inbound ? "in" : "out", timeNs, lost, bytes, first));
    }
  }

  @Test
  void givesBackWhatWasPut() {
    FrameRing ring = new FrameRing(RING_BYTES);
    byte[] bytes = {7, 8, 9};
    assertThat(ring.announce(3, "tcp é".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isTrue();
    ring.put(3, true, 11, MemorySegment.ofArray(bytes), 1, 2);
    ring.put(3, false, 12, MemorySegment.ofArray(bytes), 0, 3);
    Kept kept = new Kept();
    assertThat(ring.poll(kept, 1)).isOne();
    assertThat(kept.entries).containsExactly("3=tcp é", "3 in 11 lost 0: 2 bytes of 8");
    assertThat(ring.poll(kept, 10)).isOne();
    assertThat(kept.entries).last().isEqualTo("3 out 12 lost 0: 3 bytes of 7");
    assertThat(ring.poll(kept, 10)).isZero();
  }

  @Test
  void countsWhatItCannotTake() {
    FrameRing ring = new FrameRing(RING_BYTES);
    MemorySegment frame = MemorySegment.ofArray(new byte[60_000]);
    for (int i = 0; i < 5; i++) {
      ring.put(1, true, i, frame, 0, 60_000);
    }
    assertThat(ring.dropped()).isEqualTo(3);
    assertThat(ring.frames()).isEqualTo(5);
    Kept kept = new Kept();
    ring.poll(kept, 10);
    ring.put(1, true, 9, frame, 0, 8);
    ring.poll(kept, 10);
    assertThat(kept.entries)
        .containsExactly(
            "1 in 0 lost 0: 60000 bytes of 0",
            "1 in 1 lost 0: 60000 bytes of 0",
            "1 in 9 lost 3: 8 bytes of 0");
  }

  @Test
  void twoThreadsAgree() throws InterruptedException {
    FrameRing ring = new FrameRing(RING_BYTES);
    int count = 100_000;
    Thread producer =
        Thread.ofPlatform()
            .start(
                () -> {
                  SplittableRandom random = new SplittableRandom(1);
                  MemorySegment frame = MemorySegment.ofArray(new byte[2000]);
                  for (int i = 0; i < count; i++) {
                    int bytes = random.nextInt(2000);
                    frame.asSlice(0, bytes).fill((byte) i);
                    ring.put(1, true, i, frame, 0, bytes);
                  }
                });
    long[] seen = new long[2];
    FrameRing.Reader check =
        (FrameReader)
            (timeNs, lost, segment, offset, bytes) -> {
              for (int i = 0; i < bytes; i++) {
                assertThat(segment.get(ValueLayout.JAVA_BYTE, offset + i)).isEqualTo((byte) timeNs);
              }
              assertThat(timeNs).isEqualTo(seen[0] + lost);
              seen[0] = timeNs + 1;
              seen[1]++;
            };
    while (producer.isAlive()) {
      ring.poll(check, 100);
    }
    ring.poll(check, count);
    assertThat(seen[1]).isEqualTo(count - ring.dropped()).isPositive();
  }

  private interface FrameReader extends FrameRing.Reader {
    void frame(long timeNs, int lost, MemorySegment segment, long offset, int bytes);

    @Override
    default void onRail(int rail, String name) {}

    @Override
    default void onFrame(
        int rail,
        boolean inbound,
        long timeNs,
        int lost,
        MemorySegment segment,
        long offset,
        int bytes) {
      frame(timeNs, lost, segment, offset, bytes);
    }
  }

  @Test
  void allocatesNothing() {
    FrameRing ring = new FrameRing(RING_BYTES);
    MemorySegment frame = MemorySegment.ofArray(new byte[1500]);
    FrameReader nobody = (timeNs, lost, segment, offset, bytes) -> {};
    int[] turn = new int[1];
    double bytes =
        Allocations.perTurn(
            20_000,
            () -> {
              ring.put(1, true, 5, frame, 0, 1500);
              if (++turn[0] % 100 == 0) { // Full at times, too.
                ring.poll(nobody, 1000);
              }
            });
    assertThat(bytes).isLessThan(1);
  }
}
