package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
  private static StandardOutput failing(String why) {
    return new StandardOutput(
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(why);
          }
        });
  }

  @Test
  void whatCouldNotBeWrittenIsAFailureUnlessNobodyWantsMore() {
    StandardOutput full = failing("No space left on device");
    assertThat(full.ended(0)).isZero();
    assertThatThrownBy(() -> full.write('x')).isInstanceOf(IOException.class);
    assertThat(full.ended(0)).isEqualTo(1);
    assertThat(full.ended(5)).isEqualTo(5);
    StandardOutput head = failing("Broken pipe");
    assertThatThrownBy(() -> head.write('x')).isInstanceOf(IOException.class);
    assertThat(head.ended(0)).isZero();
  }
}
