package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpAddressTest {
  @ParameterizedTest
  @CsvSource({
    "appliance.lan, appliance.lan, 7580",
    "appliance.lan:99, appliance.lan, 99",
    "10.0.0.2:1, 10.0.0.2, 1",
    "[fe80::1]:65535, fe80::1, 65535",
    "[::1], ::1, 7580",
    "::1, ::1, 7580",
    ":7000, '', 7000",
  })
  void reads(String text, String host, int port) {
    assertThat(TcpAddress.parse(text)).isEqualTo(new TcpAddress(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"host:", "host:x", "host:65536", "host:-1", "[::1", "::1]", "[::1]x", "[::1]:"})
  void refuses(String text) {
    assertThatThrownBy(() -> TcpAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no address");
  }
}
