package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.appliance.Appliance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of what works with what leaves no card out. */
class CompatibilityTest {
  private static final Path TABLE = Path.of("../../docs/compatibility.md");

  @Test
  void everyCardHasBeenSeenAtWork() throws IOException {
    String table = Files.readString(TABLE);
    for (String card : Appliance.cards().keySet()) {
      assertThat(table).containsPattern("(?m)^\\| " + card + " .*works \\(");
    }
  }
}
