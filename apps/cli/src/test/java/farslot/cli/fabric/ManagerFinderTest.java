package farslot.cli.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.ManagerAddress;
import farslot.cli.CommandRun;
import farslot.cli.fabric.ManagerFinder.Place;
import farslot.cli.output.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which manager is meant, by what is said and what is there. */
class ManagerFinderTest {
  @TempDir Path home;

  private ManagerFinder finder(Map<String, String> environment) {
    return new ManagerFinder(environment, home, false);
  }

  private ApiException refused(Map<String, String> environment, String said) {
    return catchThrowableOfType(ApiException.class, () -> finder(environment).find(said));
  }

  @Test
  void whatIsSaidGoesFirst() throws Exception {
    Map<String, String> other = Map.of(ManagerFinder.VARIABLE, "elsewhere");
    assertThat(finder(other).find("host-1"))
        .isEqualTo(
            new Place.Address(
                new ManagerAddress("host-1", 7590), home.resolve(".config/farslot/pki")));
    assertThat(finder(other).find(home.toString()))
        .isEqualTo(new Place.Socket(home.resolve("control.sock")));
    assertThat(finder(other).find("/run/x.sock"))
        .isEqualTo(new Place.Socket(Path.of("/run/x.sock")));
    assertThat(((Place.Address) finder(other).find(null)).address().host()).isEqualTo("elsewhere");
    assertThat(((Place.Address) finder(other).find("[::1]:7000")).address())
        .isEqualTo(new ManagerAddress("::1", 7000));
  }

  @Test
  void thenWhatJoinWroteThenThisMachine() throws Exception {
    ApiException none = refused(Map.of(), null);
    assertThat(none.error()).isEqualTo(ApiError.UNAVAILABLE);
    assertThat(none.why()).contains(home.resolve(".local/state/farslot").toString());
    Path socket = home.resolve(".local/state/farslot/control.sock");
    Files.createDirectories(socket.getParent());
    Files.createFile(socket);
    assertThat(finder(Map.of()).find(null)).isEqualTo(new Place.Socket(socket));
    Path client = home.resolve(".config/farslot/client.yaml");
    Files.createDirectories(client.getParent());
    Files.writeString(client, "manager: rack1:7000\npki: mine\n");
    assertThat(finder(Map.of()).find(null))
        .isEqualTo(
            new Place.Address(new ManagerAddress("rack1", 7000), client.resolveSibling("mine")));
  }

  @Test
  void whatNamesNothingIsRefused() throws Exception {
    for (String said : new String[] {"a b", "host:port", "host:99999", ":1", "[::1"}) {
      ApiException refused = refused(Map.of(), said);
      assertThat(refused).as(said).isNotNull();
      assertThat(refused.error()).as(said).isEqualTo(ApiError.BAD_REQUEST);
      assertThat(refused.why()).contains("'" + said + "'");
    }
    Path broken = Files.writeString(home.resolve("x.yaml"), "a: [\n");
    assertThat(refused(Map.of(), broken.toString()).what()).contains("cannot be read");
    Path empty = Files.writeString(home.resolve("e.yaml"), "");
    assertThat(refused(Map.of(), empty.toString()).what()).contains("names no manager");
  }

  @Test
  void withoutACertificateNobodyIsAsked() throws Exception {
    Path client = Files.writeString(home.resolve("c.yaml"), "manager: 127.0.0.1:1\npki: none\n");
    CommandRun run = CommandRun.of("list", "--manager", client.toString());
    assertThat(run.status()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err())
        .startsWith("farslot: there is no certificate to show to 127.0.0.1:1\n")
        .contains("next: farslot join");
  }
}
