package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a policy may say. */
class QosTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0",
    "1000000, 0, 0, 7",
    "0, 1000000, 8192, 1",
    "1000000, 1000000, 1073741824, 3",
    "1000000000000, 1000000000000, 0, 0"
  })
  void good(long committed, long peak, long burst, int trafficClass) {
    Qos qos = new Qos(committed, peak, burst, trafficClass);
    assertThat(qos.isNone()).isEqualTo(committed + peak + burst + trafficClass == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "999999, 0, 0, 0, committed",
    "-1, 0, 0, 0, committed",
    "1000000000001, 0, 0, 0, committed",
    "0, 999999, 0, 0, peak",
    "2000000, 1000000, 0, 0, peak",
    "1000000, 0, 8191, 0, burst",
    "1000000, 0, 1073741825, 0, burst",
    "0, 0, 8192, 0, burst",
    "0, 0, 0, 8, class",
    "0, 0, 0, -1, class"
  })
  void bad(long committed, long peak, long burst, int trafficClass, String names) {
    assertThatThrownBy(() -> new Qos(committed, peak, burst, trafficClass))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(names + ":");
  }
}
