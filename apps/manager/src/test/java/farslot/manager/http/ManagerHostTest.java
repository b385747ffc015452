package farslot.manager.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.api.client.HttpsTransport;
import farslot.api.client.Joining;
import farslot.api.client.ManagerAddress;
import farslot.pki.JoinToken;
import farslot.pki.PeerName.Kind;
import farslot.pki.PkiDirectory;
import farslot.pki.Tls;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A whole manager in a directory: begun, asked, ended, begun again. */
class ManagerHostTest {
  @TempDir private Path dir;
  private final InstantSource clock = InstantSource.system();

  private ManagerHost open() throws Exception {
    return ManagerHost.open(
        HostOptions.of(
            dir.resolve("state"),
            "lab",
            Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
        List.of());
  }

  private static JsonNode local(ManagerHost host, String method, String path, JsonNode body)
      throws Exception {
    return host.api().handle(new ApiRequest(method, path, Map.of(), body, Caller.LOCAL)).body();
  }

  private ApiClient client(ManagerHost host, PkiDirectory directory) throws Exception {
    Tls tls = Tls.open(directory, Set.of(Kind.MANAGER), clock);
    return new ApiClient(new HttpsTransport(address(host), tls, clock));
  }

  private static ManagerAddress address(ManagerHost host) {
    return new ManagerAddress("127.0.0.1", host.address().orElseThrow().getPort());
  }

  @Test
  void whoHasJoinedIsStillInAfterARestart() throws Exception {
    PkiDirectory ann = new PkiDirectory(dir.resolve("ann"));
    try (ManagerHost host = open()) {
      JsonNode made =
          local(
              host,
              "POST",
              "/api/v1/tokens",
              Json.object().put("kind", "user").put("name", "ann").put("role", "admin"));
      JoinToken token = JoinToken.of(made.path("token").asString());
      Joining.join(address(host), token, ann, List.of(), clock);
      try (ApiClient client = client(host, ann)) {
        assertThat(client.get("/api/v1/functions").path("items")).isEmpty();
      }
    }
    try (ManagerHost host = open();
        ApiClient client = client(host, ann)) {
      client.get("/api/v1/functions");
      JsonNode audit = client.get("/api/v1/audit");
      assertThat(audit.path("items")).hasSize(2);
      client.call("DELETE", "/api/v1/members/user/ann", Map.of(), MissingNode.getInstance());
      assertThatThrownBy(() -> client.get("/api/v1/functions"))
          .isInstanceOf(ApiException.class)
          .hasMessageContaining("revoked");
    }
  }

  @Test
  void anAddressThatIsTaken() throws Exception {
    try (ManagerHost host = open()) {
      HostOptions second =
          HostOptions.of(dir.resolve("second"), "lab", Optional.of(host.address().orElseThrow()));
      assertThatThrownBy(() -> ManagerHost.open(second, List.of()))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("the API cannot listen on");
      // Nothing is left open behind it.
      ManagerHost.open(HostOptions.of(dir.resolve("second"), "lab", Optional.empty()), List.of())
          .close();
    }
  }
}
