package farslot.bench.rails;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That what is measured on cables is there: that they carry, are cut, and go. */
class CablesTest {
  private static final int PORT = 4000;

  /** Only a failure takes that long. */
  private static final int PATIENCE_MS = 60_000;

  @BeforeAll
  static void needed() {
    System.setProperty("farslot.home", Path.of("../..").toAbsolutePath().normalize().toString());
    Assumptions.assumeTrue(
        Cables.missing().isEmpty() || System.getenv("FARSLOT_NO_SKIP") != null, Cables.missing());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void carryUntilTheyAreCut(boolean switched) throws Exception {
    long holder;
    try (Cables cables = new Cables(new Cables.Plan(2, 1500, switched))) {
      holder = cables.appliance().holder();
      cables.shape(0, 100);
      try (ServerSocket listener =
              cables
                  .appliance()
                  .call(() -> new ServerSocket(PORT, 1, InetAddress.getByName("10.78.0.1")));
          // Connected there: a socket does not exist before it is used.
          Socket out = cables.initiator().call(() -> new Socket("10.78.0.1", PORT))) {
        listener.setSoTimeout(PATIENCE_MS);
        try (Socket in = listener.accept()) {
          in.setSoTimeout(200);
          out.getOutputStream().write(1);
          assertThat(in.getInputStream().read()).isEqualTo(1);
          assertThat(cables.sent(cables.initiator(), 0)).isPositive();
          cables.cut(0);
          out.getOutputStream().write(2);
          assertThat(silent(in)).isTrue();
          cables.mend(0);
          in.setSoTimeout(PATIENCE_MS);
          assertThat(in.getInputStream().read()).isEqualTo(2);
        }
      }
    }
    while (Files.exists(Path.of("/proc/" + holder))) {
      Thread.sleep(10); // Gone soon; the test's own limit says if not.
    }
  }

  private static boolean silent(Socket in) throws Exception {
    try {
      in.getInputStream().read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }
}
