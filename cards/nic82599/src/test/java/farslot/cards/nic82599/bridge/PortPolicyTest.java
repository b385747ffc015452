package farslot.cards.nic82599.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortPolicyTest {
  private static PortPolicy read(Map<String, ?> values) throws CardConfigException {
    CardConfig config = new CardConfig("functions[0]", values);
    PortPolicy policy = PortPolicy.read(config);
    config.finish();
    return policy;
  }

  @Test
  void nothingSaidIsTheUsualPort() throws CardConfigException {
    assertThat(read(Map.of())).isEqualTo(PortPolicy.usual());
    assertThat(PortPolicy.usual().vlans().cardinality()).isEqualTo(4094);
  }

  @Test
  void everythingSaid() throws CardConfigException {
    PortPolicy p =
        read(
            Map.of(
                "mac", "02:00:5E:10:00:01",
                "vlans", List.of(10, 20),
                "rate", "100M",
                "peak", "2.5Gbit",
                "burst", "1MiB",
                "trust", true,
                "spoof-check", "off",
                "link", "on"));
    assertThat(p.mac()).isEqualTo(0x02005E100001L);
    assertThat(p.vlans().stream()).containsExactly(10, 20);
    assertThat(p.rateBps()).isEqualTo(100_000_000);
    assertThat(p.peakBps()).isEqualTo(2_500_000_000L);
    assertThat(p.burstBytes()).isEqualTo(1 << 20);
    assertThat(p.trust()).isTrue();
    assertThat(p.spoofCheck()).isFalse();
    assertThat(p.link()).isEqualTo(PortPolicy.Link.ON);
    assertThat(read(Map.of("rate", "8G")).burstBytes()).isEqualTo(10_000_000);
    assertThat(read(Map.of("rate", "64k")).burstBytes()).isEqualTo(128 << 10);
    assertThat(read(Map.of("vlan", 100)).vlan()).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    "mac, 01:00:5e:00:00:01",
    "mac, 00:00:00:00:00:00",
    "mac, 02:00:5e:10:00",
    "vlan, 4095",
    "vlan, -1",
    "vlans, 0",
    "vlans, 4095",
    "vlans, ten",
    "rate, 0",
    "rate, 63k",
    "rate, 101G",
    "rate, 999999999999G",
    "rate, fast",
    "burst, 1KiB",
    "burst, 2GiB",
    "link, maybe",
    "trust, perhaps",
    "colour, red"
  })
  void refusesWithTheKeysName(String key, String value) {
    assertThatThrownBy(() -> read(Map.of(key, value)))
        .isInstanceOf(CardConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining("functions[0]");
  }

  @Test
  void refusesWhatDoesNotFitTogether() {
    assertThatThrownBy(() -> read(Map.of("rate", "2G", "peak", "1G"))).hasMessageContaining("peak");
    assertThatThrownBy(() -> read(Map.of("vlan", 5, "vlans", List.of(6))))
        .hasMessageContaining("vlans");
  }

  @Test
  void addressesAsTextAndNumber() {
    assertThat(Mac.text(0x02005E100001L)).isEqualTo("02:00:5e:10:00:01");
    assertThat(Mac.parse("02:00:5e:10:00:01")).isEqualTo(0x02005E100001L);
    assertThat(Mac.isGroup(Mac.BROADCAST)).isTrue();
    assertThat(Mac.isStation(0)).isFalse();
    assertThat(Mac.isStation(Mac.local(-1))).isTrue();
    assertThat(Mac.local(0)).isEqualTo(0x020000000000L);
  }
}
