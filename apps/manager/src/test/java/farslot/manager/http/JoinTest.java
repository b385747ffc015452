package farslot.manager.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.api.client.Joining;
import farslot.api.client.ManagerAddress;
import farslot.pki.JoinToken;
import farslot.pki.PeerName.Kind;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Coming into a fabric, and being thrown out of it, over real sockets. */
class JoinTest {
  @TempDir private Path dir;
  private Live live;

  @BeforeEach
  void begin() throws Exception {
    live = new Live(dir);
  }

  @AfterEach
  void end() throws Exception {
    live.close();
  }

  private static void refused(ThrowingCallable call, ApiError error, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.error()).as(e.getMessage()).isEqualTo(error);
              assertThat(e.what() + " " + e.why() + " " + e.next()).contains(words);
            });
  }

  private void join(JoinToken token, String name) throws Exception {
    Joining.join(live.address(), token, new PkiDirectory(dir.resolve(name)), List.of(), live.clock);
  }

  @Test
  void aUserComesInWithHisRole() throws Exception {
    PkiDirectory ann = live.joined(Kind.USER, "ann", "viewer", "acme");
    assertThat(ann.load().name().toString()).isEqualTo("user/ann");
    try (ApiClient client = live.client(ann)) {
      JsonNode who = client.get("/api/v1/whoami");
      assertThat(who.path("who").asString()).isEqualTo("user/ann");
      assertThat(who.path("role").asString()).isEqualTo("viewer");
      assertThat(who.path("tenant").asString()).isEqualTo("acme");
      client.get("/api/v1/things");
      refused(
          () -> client.post("/api/v1/things/acme", Map.of(), Json.object()),
          ApiError.FORBIDDEN,
          "role viewer",
          "needs operator");
    }
  }

  @Test
  void aTokenWorksOnce() throws Exception {
    JoinToken token = live.token(Kind.INITIATOR, "hv1", "", "");
    join(token, "a");
    refused(
        () -> join(token, "b"), ApiError.FORBIDDEN, "it was used at", "127.0.0.1", "works once");
    assertThat(new PkiDirectory(dir.resolve("b")).exists()).isFalse();
  }

  @Test
  void ofManyWhoComeWithOneTokenOneGetsIn() throws Exception {
    JoinToken token = live.token(Kind.INITIATOR, "hv1", "", "");
    List<Callable<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String name = "many" + i;
      all.add(
          () -> {
            try {
              join(token, name);
              return true;
            } catch (ApiException e) {
              assertThat(e.error()).isIn(ApiError.FORBIDDEN, ApiError.BUSY);
              return false;
            }
          });
    }
    int in = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> each : threads.invokeAll(all)) {
        in += each.get() ? 1 : 0;
      }
    }
    assertThat(in).isOne();
  }

  @Test
  void aTokenExpires() throws Exception {
    JoinToken token = live.token(Kind.INITIATOR, "hv1", "", "");
    live.now = live.now.plus(Duration.ofHours(2));
    refused(() -> join(token, "a"), ApiError.FORBIDDEN, "it expired at", "the manager's clock");
  }

  @Test
  void aClockThatWasSetBackDoesNotBringATokenBack() throws Exception {
    JoinToken token = live.token(Kind.INITIATOR, "hv1", "", "");
    live.now = live.now.minus(Duration.ofHours(3));
    refused(() -> join(token, "a"), ApiError.FORBIDDEN, "was set back");
  }

  @Test
  void aTokenIsForOneKindAndName() throws Exception {
    JoinToken token = live.token(Kind.INITIATOR, "hv1", "", "");
    JoinToken other = new JoinToken(Kind.INITIATOR, "hv2", token.fingerprint(), token.secret());
    refused(() -> join(other, "a"), ApiError.FORBIDDEN, "it is for initiator/hv1");
    JoinToken admin = new JoinToken(Kind.USER, "hv1", token.fingerprint(), token.secret());
    refused(() -> join(admin, "b"), ApiError.FORBIDDEN, "not for user/hv1");
    join(token, "c");
  }

  @Test
  void aTokenOfAnotherManagerNeverSendsItsSecret() throws Exception {
    JoinToken foreign;
    try (Live other = new Live(dir.resolve("other"))) {
      assertThat(other.address().port()).isPositive();
      foreign = other.token(Kind.INITIATOR, "hv1", "", "");
    }
    refused(
        () -> join(foreign, "a"), ApiError.UNAUTHENTICATED, "secret was not sent", "fingerprint");
    JsonNode audit = live.local("GET", "/api/v1/audit", MissingNode.getInstance());
    assertThat(audit.path("items")).isEmpty();
  }

  @Test
  void aTokenThatNobodyKnows() throws Exception {
    JoinToken token = live.token(Kind.INITIATOR, "hv1", "", "");
    JoinToken guessed = JoinToken.make(Kind.INITIATOR, "hv1", token.fingerprint());
    refused(() -> join(guessed, "a"), ApiError.FORBIDDEN, "does not know it", "farslot ca token");
    JsonNode tokens = live.local("GET", "/api/v1/tokens", MissingNode.getInstance());
    assertThat(Json.text(tokens)).doesNotContain(token.secret());
    String id = tokens.path("items").get(0).path("id").asString();
    live.local("DELETE", "/api/v1/tokens/" + id, MissingNode.getInstance());
    refused(() -> join(token, "b"), ApiError.FORBIDDEN, "withdrawn");
  }

  @Test
  void aClockAYearAheadIsNamed() throws Exception {
    PkiDirectory ann = live.joined(Kind.USER, "ann", "admin", "");
    live.now = live.now.plus(Duration.ofDays(366));
    try (ApiClient client = live.client(ann)) {
      refused(
          () -> client.get("/api/v1/whoami"),
          ApiError.UNAUTHENTICATED,
          "has expired",
          "by this machine's clock (2027-11-23T12:00:00Z)",
          "set the clock");
    }
    live.now = Live.BEGIN;
    try (ApiClient client = live.client(ann)) {
      client.get("/api/v1/whoami");
    }
  }

  @Test
  void onlyTheManagersClockIsAYearAhead() throws Exception {
    PkiDirectory ann = live.joined(Kind.USER, "ann", "admin", "");
    java.time.Instant right = live.now;
    live.now = live.now.plus(Duration.ofDays(366));
    try (ApiClient client =
        new ApiClient(
            new farslot.api.client.HttpsTransport(
                live.address(),
                farslot.pki.Tls.open(ann, java.util.Set.of(Kind.MANAGER), () -> right),
                () -> right))) {
      refused(
          () -> client.get("/api/v1/whoami"),
          ApiError.UNAUTHENTICATED,
          "user/ann has expired",
          "2027-11-23");
    }
  }

  @Test
  void whoeverIsRevokedIsOutAtOnceOnAConnectionThatIsThere() throws Exception {
    PkiDirectory ann = live.joined(Kind.USER, "ann", "admin", "");
    PkiDirectory bob = live.joined(Kind.USER, "bob", "admin", "");
    try (ApiClient his = live.client(bob);
        ApiClient hers = live.client(ann)) {
      his.get("/api/v1/whoami");
      hers.call("DELETE", "/api/v1/members/user/bob", Map.of(), MissingNode.getInstance());
      refresh();
      refused(() -> his.get("/api/v1/whoami"), ApiError.UNAUTHENTICATED, "was revoked");
      hers.get("/api/v1/whoami");
      // She has heard of it by an answer, and denies him herself.
      assertThat(ann.load().denied()).hasSize(1);
    }
    JsonNode all = live.local("GET", "/api/v1/certificates", MissingNode.getInstance());
    assertThat(all.path("items")).hasSize(3);
  }

  /** What a manager does when whom to trust has changed. */
  private void refresh() throws Exception {
    live.access.keep(live.tls.directory(), Kind.MANAGER, "manager", List.of());
    live.tls.reload();
  }

  @Test
  void aRoleThatIsTakenAwayHoldsFromTheNextRequestOn() throws Exception {
    PkiDirectory ann = live.joined(Kind.USER, "ann", "operator", "");
    try (ApiClient client = live.client(ann)) {
      client.post("/api/v1/things/none", Map.of(), Json.object());
      live.local("PUT", "/api/v1/members/user/ann", Json.object().put("role", "viewer"));
      refused(
          () -> client.post("/api/v1/things/none", Map.of(), Json.object()),
          ApiError.FORBIDDEN,
          "role viewer");
      live.local(
          "PUT",
          "/api/v1/members/user/ann",
          Json.object().put("role", "operator").put("tenant", "acme"));
      refused(
          () -> client.post("/api/v1/things/none", Map.of(), Json.object()),
          ApiError.FORBIDDEN,
          "belongs to the whole fabric");
      refused(
          () -> client.post("/api/v1/things/other", Map.of(), Json.object()),
          ApiError.NOT_FOUND,
          "there is no thing");
      client.post("/api/v1/things/acme", Map.of(), Json.object());
      refused(
          () -> client.call("GET", "/api/v1/members", Map.of(), MissingNode.getInstance()),
          ApiError.FORBIDDEN,
          "needs admin");
    }
  }

  @Test
  void anAdminOfATenantIsNoneOfTheFabric() throws Exception {
    PkiDirectory ann = live.joined(Kind.USER, "ann", "admin", "acme");
    try (ApiClient client = live.client(ann)) {
      for (String path : List.of("/api/v1/members", "/api/v1/audit", "/api/v1/tokens")) {
        refused(() -> client.get(path), ApiError.FORBIDDEN, "admins of the whole fabric", "'acme'");
      }
      refused(
          () ->
              client.post(
                  "/api/v1/tokens",
                  Map.of(),
                  Json.object().put("kind", "user").put("name", "eve").put("role", "admin")),
          ApiError.FORBIDDEN,
          "whole fabric");
    }
  }

  @Test
  void anAgentMayDoWhatIsAnAgentsAndNothingElse() throws Exception {
    PkiDirectory hv = live.joined(Kind.INITIATOR, "hv1", "", "");
    try (ApiClient client = live.client(hv)) {
      client.post("/api/v1/agents/initiator/hv1/report", Map.of(), Json.object());
      refused(() -> client.get("/api/v1/things"), ApiError.FORBIDDEN, "role none");
    }
  }

  @Test
  void theAuditLogKnowsWhoFromWhereWhatAndWhatCameOfIt() throws Exception {
    PkiDirectory ann = live.joined(Kind.USER, "ann", "viewer", "");
    try (ApiClient client = live.client(ann)) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(
                () ->
                    client.post(
                        "/api/v1/things/none", Map.of(), Json.object().put("secret", "hush")))
            .isInstanceOf(ApiException.class);
        live.now = live.now.plusSeconds(2);
      }
      client.get("/api/v1/things");
    }
    JsonNode items = live.local("GET", "/api/v1/audit", MissingNode.getInstance()).path("items");
    assertThat(items).hasSize(3);
    assertThat(items.get(0).path("who").asString()).isEqualTo("local");
    assertThat(items.get(0).path("what").asString()).isEqualTo("POST /api/v1/tokens");
    assertThat(items.get(0).path("revision").asLong()).isPositive();
    assertThat(items.get(1).path("what").asString()).isEqualTo("POST /api/v1/join");
    assertThat(items.get(1).path("body").asString()).doesNotContain("secret").contains("ann");
    JsonNode refused = items.get(2);
    assertThat(refused.path("who").asString()).isEqualTo("user/ann");
    assertThat(refused.path("from").asString()).isEqualTo("127.0.0.1");
    assertThat(refused.path("outcome").asString()).isEqualTo("forbidden");
    assertThat(refused.path("times").asInt()).isEqualTo(5);
    assertThat(refused.path("body").asString()).doesNotContain("hush");
  }

  @Test
  void aCertificateIsRenewedAtTwoThirdsOfItsTimeWithoutInterruption() throws Exception {
    PkiDirectory hv = live.joined(Kind.INITIATOR, "hv1", "", "");
    var first = hv.load().certificate();
    live.now = live.now.plus(Duration.ofDays(59));
    try (ApiClient client = live.client(hv)) {
      client.get("/api/v1/whoami");
    }
    assertThat(hv.load().certificate()).isEqualTo(first);
    live.now = live.now.plus(Duration.ofDays(2));
    try (ApiClient client = live.client(hv)) {
      client.get("/api/v1/whoami");
      assertThat(hv.load().certificate()).isNotEqualTo(first);
      client.get("/api/v1/whoami");
    }
    live.now = live.now.plus(Duration.ofDays(60));
    refresh();
    try (ApiClient client = live.client(hv)) {
      assertThat(client.get("/api/v1/whoami").path("who").asString()).isEqualTo("initiator/hv1");
    }
  }

  @Test
  void oneAuthorityTakesOverFromAnotherWhileAllGoesOn() throws Exception {
    PkiDirectory hv = live.joined(Kind.INITIATOR, "hv1", "", "");
    live.joined(Kind.INITIATOR, "asleep", "", "");
    try (ApiClient client = live.client(hv)) {
      for (String step : List.of("prepare", "switch")) {
        live.local("POST", "/api/v1/ca/rotate", Json.object().put("step", step));
        refresh();
        client.get("/api/v1/whoami");
        Thread.sleep(100);
      }
      for (int i = 0; i < 600 && !renewed(hv); i++) {
        Thread.sleep(100);
        client.get("/api/v1/whoami");
      }
      assertThat(renewed(hv)).isTrue();
      refused(
          () -> live.local("POST", "/api/v1/ca/rotate", Json.object().put("step", "finish")),
          ApiError.CONFLICT,
          "initiator/asleep");
      live.local(
          "POST", "/api/v1/ca/rotate", Json.object().put("step", "finish").put("force", true));
      refresh();
      client.get("/api/v1/whoami");
    }
    try (ApiClient client = live.client(hv)) {
      client.get("/api/v1/whoami");
    }
    try (ApiClient client = live.client(new PkiDirectory(dir.resolve("of-asleep")))) {
      refused(() -> client.get("/api/v1/whoami"), ApiError.UNAUTHENTICATED, "counts for nothing");
    }
    refused(
        () -> live.local("POST", "/api/v1/ca/rotate", Json.object().put("step", "finish")),
        ApiError.CONFLICT,
        "stable");
  }

  private boolean renewed(PkiDirectory directory) throws Exception {
    return live.authorities
        .signer()
        .certificate()
        .getSubjectX500Principal()
        .equals(directory.load().certificate().getIssuerX500Principal());
  }

  @Test
  void nobodyIsThere() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    JoinToken token = live.token(Kind.USER, "ann", "viewer", "");
    assertThatThrownBy(
            () ->
                Joining.join(
                    new ManagerAddress("127.0.0.1", port),
                    token,
                    new PkiDirectory(dir.resolve("x")),
                    List.of(),
                    live.clock))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("127.0.0.1:" + port + " cannot be reached");
    assertThatThrownBy(
            () ->
                Joining.join(
                    new ManagerAddress("nowhere.invalid", 7590),
                    token,
                    new PkiDirectory(dir.resolve("x")),
                    List.of(),
                    live.clock))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("no host of that name");
  }

  @Test
  void aDirectoryThatCannotBeWrittenCostsNoToken() throws Exception {
    JoinToken token = live.token(Kind.USER, "ann", "viewer", "");
    java.nio.file.Files.writeString(dir.resolve("file"), "");
    assertThatThrownBy(() -> join(token, "file/x")).isInstanceOf(PkiException.class);
    join(token, "good");
  }
}
