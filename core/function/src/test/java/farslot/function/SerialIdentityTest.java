package farslot.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SerialIdentityTest {
  private final SerialIdentity serial = new SerialIdentity("FS0001");

  @Test
  void isTheConfigurationsUntilAnotherIsGivenAndAgainAfterwards() {
    assertThat(serial.facts()).containsExactly(Map.entry("serial", "FS0001"));
    assertThat(serial.identify(Map.of("serial", "GIVEN"))).isEmpty();
    assertThat(serial.text()).isEqualTo("GIVEN");
    assertThat(serial.identify(Map.of())).isEmpty();
    assertThat(serial.text()).isEqualTo("FS0001");
  }

  @Test
  void whatCannotBeIsSaidAndChangesNothing() {
    serial.identify(Map.of("serial", "GIVEN"));
    assertThat(serial.identify(Map.of("serial", "123456789012345678901"))).contains("1 to 20");
    assertThat(serial.identify(Map.of("serial", " "))).contains("1 to 20");
    assertThat(serial.identify(Map.of("serial", "ü"))).contains("printable");
    assertThat(serial.identify(Map.of("mac", "02:00:00:00:00:01"))).contains("'mac'");
    assertThat(serial.text()).isEqualTo("GIVEN");
  }

  @Test
  void aDriveThatHasNoneMayGetOne() {
    SerialIdentity none = new SerialIdentity("");
    assertThat(none.facts()).isEmpty();
    assertThat(none.identify(Map.of("serial", "A"))).isEmpty();
    assertThat(none.identify(Map.of())).isEmpty();
    assertThat(none.text()).isEmpty();
  }
}
