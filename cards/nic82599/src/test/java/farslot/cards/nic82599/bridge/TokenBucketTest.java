package farslot.cards.nic82599.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  @ParameterizedTest
  @ValueSource(longs = {64_000, 999_999, 100_000_000, 10_000_000_000L, 100_000_000_000L})
  void overTimeItIsTheRate(long bps) {
    long now = Long.MAX_VALUE - 5_000_000; // Time goes over its end on the way.
    TokenBucket bucket = new TokenBucket(bps, 1 << 17, now);
    long passed = 0;
    // Small steps at low rates make fractions of bits: none may be lost.
    long stepNs = Math.max(50, 8_000_000_000_00L / bps);
    int steps = 200_000;
    for (int i = 0; i < steps; i++) {
      now += stepNs;
      while (bucket.has(100, now)) {
        bucket.take(100);
        passed += 100;
      }
    }
    double wanted = (1 << 17) + (double) steps * stepNs * bps / 8e9;
    assertThat(passed / wanted).isBetween(0.999, 1.001);
  }

  @Test
  void aLongRestFillsItOnceAndNoMore() {
    TokenBucket bucket = new TokenBucket(1_000_000, 1 << 30, 0);
    assertThat(bucket.has(1 << 27, Long.MAX_VALUE)).isTrue();
    bucket.take(1 << 27);
    for (int i = 0; i < 7; i++) {
      assertThat(bucket.has(1 << 27, Long.MAX_VALUE)).isTrue();
      bucket.take(1 << 27);
    }
    assertThat(bucket.has(1, Long.MAX_VALUE)).isFalse();
    assertThat(bucket.has(1, 0)).as("time that goes back gives nothing").isFalse();
  }

  @Test
  void zeroIsNoLimit() {
    TokenBucket bucket = new TokenBucket(0, 1, 0);
    for (int i = 0; i < 1000; i++) {
      assertThat(bucket.has(1 << 20, 0)).isTrue();
      bucket.take(1 << 20);
    }
  }
}
