package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A rate with a burst: exact, whatever the steps of time. */
class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int TLP_MAX = 4136;

  private record Passed(long ns, int bytes) {}

  @Test
  void inEveryWindowPassesAtMostBurstAndRateAndOneTlp() {
    for (int i = 0; i < 200; i++) {
      long seed = Fuzz.seed() + i;
      SplittableRandom random = new SplittableRandom(seed);
      long rate = 1_000_000L << random.nextInt(16);
      long burst = 8192L << random.nextInt(10);
      List<Passed> passed = greedy(random, rate, burst);
      for (int window = 0; window < 200; window++) {
        int from = random.nextInt(passed.size());
        int to = from + random.nextInt(passed.size() - from);
        long bytes = passed.subList(from, to + 1).stream().mapToLong(Passed::bytes).sum();
        double seconds = (double) (passed.get(to).ns - passed.get(from).ns) / SECOND;
        assertThat((double) bytes)
            .as("seed %d, %d to %d", seed, from, to)
            .isLessThanOrEqualTo(burst + rate * seconds + TLP_MAX + 1);
      }
      long all = passed.stream().mapToLong(Passed::bytes).sum();
      double seconds = (double) (passed.getLast().ns - passed.getFirst().ns) / SECOND;
      assertThat((double) all).as("seed %d", seed).isGreaterThanOrEqualTo(rate * seconds * 0.9999);
    }
  }

  /** Somebody who always has something to send, and looks again when the bucket says so. */
  private static List<Passed> greedy(SplittableRandom random, long rate, long burst) {
    TokenBucket bucket = new TokenBucket();
    long nowNs = random.nextLong(1L << 50) - (1L << 49);
    bucket.set(rate, burst, nowNs);
    List<Passed> passed = new ArrayList<>();
    while (passed.size() < 500 || passed.getLast().ns == passed.getFirst().ns) {
      bucket.refill(nowNs);
      if (bucket.open()) {
        int bytes = 20 + 4 * random.nextInt(TLP_MAX / 4 - 5);
        bucket.take(bytes);
        bucket.settle();
        passed.add(new Passed(nowNs, bytes));
        nowNs += random.nextInt(3) == 0 ? random.nextLong(1 + 500 * SECOND / rate) : 0;
      } else {
        long worth = bucket.worthNs(200_000);
        assertThat(worth).isGreaterThan(nowNs);
        nowNs = worth;
        bucket.refill(nowNs);
        assertThat(bucket.open()).as("worth while").isTrue();
      }
    }
    return passed;
  }

  @Test
  void aPauseOfAnyLengthFillsItOnce() {
    TokenBucket bucket = new TokenBucket();
    bucket.set(Qos.RATE_MAX, Qos.BURST_MAX, 0);
    bucket.refill(Long.MAX_VALUE / 2);
    long passed = 0;
    while (bucket.open()) {
      bucket.take(TLP_MAX);
      passed += TLP_MAX;
    }
    assertThat(passed).isBetween(Qos.BURST_MAX, Qos.BURST_MAX + TLP_MAX);
  }

  @Test
  void timeThatGoesBackGivesNothing() {
    TokenBucket bucket = new TokenBucket();
    bucket.set(1_000_000, 8192, SECOND);
    bucket.take(10_000);
    bucket.settle();
    bucket.refill(0);
    assertThat(bucket.open()).isFalse();
    bucket.refill(SECOND + 1_808_000);
    assertThat(bucket.open()).isFalse();
    bucket.refill(SECOND + 1_808_001);
    assertThat(bucket.open()).isTrue();
  }

  /** Who takes does not always know how late it is: a clock that stood still is no time to fill. */
  @Test
  void whatIsTakenByAnOldClockIsTakenNow() {
    TokenBucket bucket = new TokenBucket();
    bucket.set(1_000_000, 8192, 0);
    bucket.take(8192);
    bucket.refill(SECOND);
    assertThat(bucket.open()).isFalse();
    bucket.refill(SECOND + 1_000);
    assertThat(bucket.open()).isTrue();
  }

  @Test
  void aChangeOfTheRateDoesNotFillIt() {
    TokenBucket bucket = new TokenBucket();
    bucket.set(1_000_000, 8192, 0);
    bucket.take(8192);
    bucket.set(2_000_000, 1 << 20, 0);
    assertThat(bucket.open()).isFalse();
    bucket.refill(1);
    assertThat(bucket.open()).isTrue();
  }
}
