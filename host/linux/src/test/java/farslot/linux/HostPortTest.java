package farslot.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
  @ParameterizedTest
  @CsvSource({
    "bbs.example.org:23, bbs.example.org, 23",
    "10.0.0.5:0, 10.0.0.5, 0",
    "[2001:db8::1]:65535, 2001:db8::1, 65535",
    "[fe80::1%eth0]:7, fe80::1%eth0, 7",
    ":7580, '', 7580",
  })
  void withPort(String text, String host, int port) {
    assertThat(HostPort.parse(text)).contains(new HostPort(host, port));
    assertThat(HostPort.parse(text, 99)).contains(new HostPort(host, port));
    assertThat(HostPort.parse(text).orElseThrow().toString()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "appliance, appliance",
    "10.0.0.5, 10.0.0.5",
    "::1, ::1",
    "2001:db8::1, 2001:db8::1",
    "[2001:db8::1], 2001:db8::1",
  })
  void withoutPort(String text, String host) {
    assertThat(HostPort.parse(text)).isEmpty();
    assertThat(HostPort.parse(text, 99)).contains(new HostPort(host, 99));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a:",
        "a:x",
        "a:-1",
        "a:+1",
        "a:65536",
        "a:123456",
        "a b:1",
        "[::1:7",
        "::1]:7",
        "[::1]7",
        "[a]:7",
        "[]:7",
        "a]:7",
        "[::1]:",
        "[[::1]]:7",
      })
  void isNone(String text) {
    assertThat(HostPort.parse(text)).isEmpty();
    assertThat(HostPort.parse(text, 99)).isEmpty();
  }
}
