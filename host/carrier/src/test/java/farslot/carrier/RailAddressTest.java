package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.carrier.EthernetAddress.Anyone;
import farslot.carrier.EthernetAddress.Node;
import farslot.carrier.EthernetAddress.Station;
import farslot.linux.MacAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RailAddressTest {
  @Test
  void tellsCarriersApart() {
    assertThat(RailAddress.parse("appliance:99")).isEqualTo(new TcpAddress("appliance", 99));
    assertThat(RailAddress.parse("tcp:appliance:99")).isEqualTo(new TcpAddress("appliance", 99));
    assertThat(RailAddress.parse("tcp:eth:99")).isEqualTo(new TcpAddress("eth", 99));
    assertThat(RailAddress.parse("[::1]:9?from=::2")).isEqualTo(new TcpAddress("::1", 9, "::2"));
    assertThat(RailAddress.parse("eth:eth1"))
        .isEqualTo(new EthernetAddress("eth1", new Anyone(), 0, 0, 1));
    assertThat(RailAddress.parse("eth:eth1.7/rack-2?vlan=100&pcp=5&port=77"))
        .isEqualTo(new EthernetAddress("eth1.7", new Node("rack-2"), 100, 5, 77));
    assertThat(RailAddress.parse("eth:e/02:00:00:00:00:0A?pcp=7"))
        .isEqualTo(new EthernetAddress("e", new Station(new MacAddress(0x02000000000AL)), 0, 7, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host:7580",
        "[fe80::1]:7580?from=fe80::2",
        "10.0.0.1:1?from=10.0.0.2",
        "eth:eth1",
        "eth:eth1/rack-2?vlan=100&pcp=5&port=77",
        "eth:e/02:00:00:00:00:0a?pcp=7"
      })
  void printsWhatItReads(String text) {
    assertThat(RailAddress.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eth:|is no address",
        "eth:eth1/|is no address",
        "eth:a-name-of-16-bytes|at most 15 bytes",
        "eth:eth 1|is no address",
        "eth:eth1/03:00:00:00:00:01|address of a group",
        "eth:eth1?vlan=0|from 1 to 4094",
        "eth:eth1?vlan=4095|from 1 to 4094",
        "eth:eth1?pcp=8|from 0 to 7",
        "eth:eth1?port=0|from 1 to 65535",
        "eth:eth1?vlan=|no value for 'vlan'",
        "eth:eth1?vlan=1&vlan=2|twice",
        "eth:eth1?from=10.0.0.1|knows no 'from'",
        "eth:eth1?|knows no ''",
        "host?vlan=1|knows no 'vlan'",
        "host?from=elsewhere|no IP address",
        ":7580|no host",
        "tcp:|is no address",
        "udp/host|is no address",
      })
  void refusesInWords(String text, String words) {
    assertThatThrownBy(() -> RailAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text)
        .hasMessageContaining(words);
  }

  @Test
  void oneListensAtAPlaceAndNotAtAPeer() {
    assertThat(RailAddress.parseListen(":7580")).isEqualTo(new TcpAddress("", 7580));
    assertThat(RailAddress.parseListen("eth:eth1?vlan=3"))
        .isEqualTo(new EthernetAddress("eth1", new Anyone(), 3, 0, 1));
    assertThatThrownBy(() -> RailAddress.parseListen("eth:eth1/rack-2"))
        .hasMessageContaining("as in eth:eth1");
    assertThatThrownBy(() -> RailAddress.parseListen("10.0.0.1:1?from=10.0.0.1"))
        .hasMessageContaining("'from' is for connecting");
  }
}
