package farslot.manager.http;

import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.api.Role;
import farslot.api.Router;
import farslot.api.client.ApiClient;
import farslot.api.client.HttpsTransport;
import farslot.api.client.Joining;
import farslot.api.client.ManagerAddress;
import farslot.manager.access.Access;
import farslot.manager.access.Tenancy;
import farslot.pki.AuthorityDirectory;
import farslot.pki.JoinToken;
import farslot.pki.PeerName.Kind;
import farslot.pki.PkiDirectory;
import farslot.pki.Tls;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.file.FileStateStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A manager's access and its API on loopback, with its own clock. */
final class Live implements AutoCloseable {
  static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00Z");

  final Path dir;
  final AuthorityDirectory authorities;
  final StateStore store;
  final Access access;
  final Tls tls;
  final HttpsApi api;
  volatile Instant now = BEGIN;
  final InstantSource clock = () -> now;

  Live(Path dir) throws Exception {
    this.dir = dir;
    authorities = new AuthorityDirectory(dir.resolve("ca"));
    authorities.begin("lab", now);
    store = FileStateStore.open(dir.resolve("store"));
    access = new Access(store, authorities, clock);
    PkiDirectory own = new PkiDirectory(dir.resolve("manager"));
    access.keep(own, Kind.MANAGER, "manager", List.of("127.0.0.1"));
    tls = Tls.checkedLater(own, EnumSet.complementOf(EnumSet.of(Kind.MANAGER)), clock);
    Router router = new Router();
    access.routes(router);
    router.get("/api/v1/things", (request, parts) -> ApiResponse.ok(Json.object()));
    router.on(
        "POST",
        "/api/v1/things/{owner}",
        Role.OPERATOR,
        (request, parts) -> {
          Tenancy.requireOwned(request.caller(), parts.get("owner").replace("none", ""), "thing");
          return ApiResponse.ok(request.body());
        });
    router.on(
        "POST",
        "/api/v1/agents/{kind}/{name}/report",
        Role.NONE,
        (request, parts) -> ApiResponse.ok(Json.object()));
    api =
        new HttpsApi(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            tls,
            access,
            access.audited(router));
  }

  ManagerAddress address() {
    return new ManagerAddress("127.0.0.1", api.address().getPort());
  }

  /** A token, by the owner of the process. */
  JoinToken token(Kind kind, String name, String role, String tenant) throws Exception {
    ObjectNode body = Json.object().put("kind", kind.word()).put("name", name);
    if (!role.isEmpty()) {
      body.put("role", role);
    }
    body.put("tenant", tenant).put("expires-seconds", 3600);
    return JoinToken.of(local("POST", "/api/v1/tokens", body).path("token").asString());
  }

  JsonNode local(String method, String path, JsonNode body) throws Exception {
    Router router = new Router();
    access.routes(router);
    return access
        .audited(router)
        .handle(new farslot.api.ApiRequest(method, path, Map.of(), body, farslot.api.Caller.LOCAL))
        .body();
  }

  /** Whoever joins by a token, in a directory of its own. */
  PkiDirectory joined(Kind kind, String name, String role, String tenant) throws Exception {
    PkiDirectory directory = new PkiDirectory(dir.resolve("of-" + name));
    Joining.join(address(), token(kind, name, role, tenant), directory, List.of(), clock);
    return directory;
  }

  ApiClient client(PkiDirectory directory) throws Exception {
    return new ApiClient(
        new HttpsTransport(address(), Tls.open(directory, Set.of(Kind.MANAGER), clock), clock));
  }

  @Override
  public void close() throws StoreException {
    api.close();
    store.close();
  }
}
