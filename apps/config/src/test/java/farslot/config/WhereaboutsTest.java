package farslot.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WhereaboutsTest {
  @Test
  void homeIsWhatTheEnvironmentSays() {
    assertThat(Whereabouts.home(Map.of("HOME", "/srv/ann"))).isEqualTo(Path.of("/srv/ann"));
  }

  @Test
  void withoutAUsableOneItIsThePasswordFiles() {
    Path own = Path.of(System.getProperty("user.home"));
    assertThat(Whereabouts.home(Map.of())).isEqualTo(own);
    assertThat(Whereabouts.home(Map.of("HOME", "relative"))).isEqualTo(own);
  }
}
