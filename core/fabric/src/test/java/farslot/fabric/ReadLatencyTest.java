package farslot.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ReadLatencyTest {
  private static final Percentage AN_EIGHTH = Percentage.withPercentage(12.5);

  @Test
  void nothingIsKnownBeforeAnythingWasRead() {
    assertThat(new ReadLatency().percentileNs(50)).isZero();
  }

  @Test
  void isNearWhatWasMeasuredWhateverItsSize() {
    for (long ns = 8; ns < 10_000_000_000L; ns = ns * 7 / 5 + 1) {
      ReadLatency latency = new ReadLatency();
      latency.add(ns);
      assertThat(latency.percentileNs(50)).isCloseTo(ns, AN_EIGHTH);
      assertThat(latency.percentileNs(99)).isEqualTo(latency.percentileNs(50));
    }
    ReadLatency odd = new ReadLatency();
    odd.add(-5);
    odd.add(0);
    assertThat(odd.percentileNs(100)).isCloseTo(8, within(1L));
  }

  @Test
  void theSlowestOfAHundredShowsAtNinetyNine() {
    ReadLatency latency = new ReadLatency();
    for (int i = 0; i < 98; i++) {
      latency.add(100_000);
    }
    latency.add(5_000_000);
    latency.add(5_000_000);
    assertThat(latency.percentileNs(50)).isCloseTo(100_000, AN_EIGHTH);
    assertThat(latency.percentileNs(98)).isCloseTo(100_000, AN_EIGHTH);
    assertThat(latency.percentileNs(99)).isCloseTo(5_000_000, AN_EIGHTH);
  }

  @Test
  void whatWasLongAgoIsForgotten() {
    ReadLatency latency = new ReadLatency();
    for (int i = 0; i < 8_000; i++) {
      latency.add(9_000_000);
    }
    for (int i = 0; i < 60_000; i++) {
      latency.add(20_000);
    }
    assertThat(latency.percentileNs(99)).isCloseTo(20_000, AN_EIGHTH);
  }

  @Test
  void aPortMeasuresWhatItsGuestReads() {
    Bench bench = Bench.up();
    assertThat(bench.port.readLatency().percentileNs(50)).isZero();
    bench.read(0, 0x10, 8);
    assertThat(bench.port.readLatency().percentileNs(50)).isPositive();
  }
}
