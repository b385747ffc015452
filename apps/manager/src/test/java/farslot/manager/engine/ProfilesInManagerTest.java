package farslot.manager.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.Role;
import farslot.api.agent.Agent;
import farslot.api.agent.AgentKind;
import farslot.api.agent.AgentLoop;
import farslot.api.agent.AgentTimes;
import farslot.manager.profiles.Profiles;
import farslot.store.file.FileStateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Profiles, asked for by the API, done by agents that speak with a manager as real ones do. */
class ProfilesInManagerTest {
  private static final String APPLY = "/api/v1/apply";
  private static final String WEB = "/api/v1/profiles/web";
  private static final Map<String, String> WAIT = Map.of("wait", "60s");
  private static final Map<String, String> DRY = Map.of("dryRun", "true");
  private static final String YAML =
      """
      kind: Pool
      name: gold
      card: nvme
      spares: [rack2/disk0]
      spare-after-seconds: 1
      ---
      kind: Identities
      name: serials
      what: serial
      from: FS-001
      to: FS-999
      ---
      kind: Profile
      name: web
      server: a
      guest: vm1
      on-server-death: move
      move-after-seconds: 1
      candidates: [b/vm2]
      slots:
        - {name: s0, pool: gold, spare: true, identity-from: {serial: serials}}
        - {name: s1, pool: gold}
        - {name: s2, pool: gold}
        - {name: s3, pool: gold}
      """;

  private final Map<String, FakeAppliance> appliances = new HashMap<>();
  private final FakeAppliance rack1 =
      new FakeAppliance("rack1", "disk0", "disk1", "disk2", "disk3");
  private final FakeAppliance rack2 = new FakeAppliance("rack2", "disk0");
  private final FakeServer a = new FakeServer("a", appliances, "vm1");
  private final FakeServer b = new FakeServer("b", appliances, "vm2");
  private final Map<String, AgentLoop> loops = new HashMap<>();
  @TempDir Path dir;
  private FileStateStore store;
  private Manager manager;

  @BeforeEach
  void open() throws Exception {
    appliances.put("rack1", rack1);
    appliances.put("rack2", rack2);
    store = FileStateStore.open(dir.resolve("store"));
    ManagerOptions options =
        new ManagerOptions(
            new EngineOptions(Duration.ofSeconds(1), 4096),
            System::nanoTime,
            System::currentTimeMillis,
            "test");
    manager = new Manager(store, options, List.of(new Profiles()));
    manager.start();
    loop(AgentKind.APPLIANCE, "rack1", rack1);
    loop(AgentKind.APPLIANCE, "rack2", rack2);
    loop(AgentKind.INITIATOR, "a", a);
    loop(AgentKind.INITIATOR, "b", b);
    while (size("/api/v1/functions") < 5 || size("/api/v1/servers") < 2) {
      Thread.sleep(5);
    }
  }

  private void loop(AgentKind kind, String name, Agent agent) throws Exception {
    AgentTimes times =
        new AgentTimes(
            Duration.ofMillis(50),
            Duration.ofMillis(1),
            Duration.ofSeconds(5),
            Duration.ofMillis(5),
            Duration.ofMillis(50));
    AgentLoop loop =
        new AgentLoop(
            kind, name, new SwitchedPort(() -> manager.port()), agent, dir.resolve(name), times);
    loop.start();
    loops.put(name, loop);
  }

  @AfterEach
  void close() throws Exception {
    loops.values().forEach(AgentLoop::close);
    manager.close();
    store.close();
  }

  private ApiResponse ask(
      Caller caller, String method, String path, Map<String, String> query, String body)
      throws Exception {
    return manager.api().handle(new ApiRequest(method, path, query, Json.parse(body), caller));
  }

  private JsonNode get(String path) throws Exception {
    return ask(Caller.LOCAL, "GET", path, Map.of(), "").body();
  }

  private JsonNode post(String path, Map<String, String> query, String body) throws Exception {
    return ask(Caller.LOCAL, "POST", path, query, body).body();
  }

  private JsonNode apply(String yaml, Map<String, String> query) throws Exception {
    return post(APPLY, query, Json.object().put("yaml", yaml).put("file", "web.yaml").toString());
  }

  private int size(String path) throws Exception {
    return get(path).path("items").size();
  }

  private String holder(FakeAppliance appliance, String disk) {
    return appliance.slots.get(disk).holder;
  }

  private ApiException refused(String path, String body) {
    return catchThrowableOfType(ApiException.class, () -> post(path, WAIT, body));
  }

  private String event(String what) throws Exception {
    return get("/api/v1/events")
        .path("items")
        .valueStream()
        .filter(each -> each.path("what").asString().equals(what))
        .map(each -> each.path("message").asString())
        .reduce((_, last) -> last)
        .orElse("");
  }

  @Test
  void fromAFileToItsEnd() throws Exception {
    JsonNode seen = apply(YAML, DRY);
    assertThat(seen.path("changed").asBoolean()).isFalse();
    assertThat(seen.path("diff").asString()).contains("+    bound-to: rack1/disk0\n");
    assertThat(size("/api/v1/profiles")).isZero();
    JsonNode applied = apply(YAML, WAIT);
    assertThat(applied.path("result").asString()).contains("all is as wished");
    assertThat(applied.path("diff")).isEqualTo(seen.path("diff"));
    for (int i = 0; i < 4; i++) {
      assertThat(holder(rack1, "disk" + i)).isEqualTo("a");
    }
    assertThat(rack1.slots.get("disk0").order.identity()).isEqualTo(Map.of("serial", "FS-001"));
    JsonNode web = get(WEB);
    assertThat(web.path("state").asString()).isEqualTo("attached");
    assertThat(web.path("bound").get(0).path("function").asString()).isEqualTo("rack1/disk0");
    assertThat(apply(YAML, WAIT).path("steps")).isEmpty();
    assertThat(apply(web.path("manifest").asString(), DRY).path("steps")).isEmpty();
    JsonNode pool = get("/api/v1/pools/gold");
    assertThat(pool.path("members").asInt()).isEqualTo(5);
    assertThat(pool.path("free").asInt()).isZero();
    assertThat(pool.path("free-spares").asInt()).isEqualTo(1);
    assertThat(get("/api/v1/identities/serials").path("left").asInt()).isEqualTo(998);
    // The whole to another server, and to the one that its rule names.
    post(WEB + "/move", WAIT, "{\"server\":\"b/vm2\"}");
    assertThat(holder(rack1, "disk3")).isEqualTo("b");
    assertThat(refused(WEB + "/move", "{}").why()).contains("no candidate of profile 'web'");
    assertThat(refused(WEB + "/apply", "{\"server\":\"a/vm1\"}").next())
        .isEqualTo("farslot profile move web a/vm1");
    post(WEB + "/detach", WAIT, "{}");
    assertThat(holder(rack1, "disk3")).isEmpty();
    assertThat(get(WEB).path("state").asString()).isEqualTo("detached");
    assertThat(refused("/api/v1/functions/rack1/disk3/attach", "{\"server\":\"a\"}").why())
        .contains("kept for slot 's3' of profile 'web'");
    post(WEB + "/apply", WAIT, "{\"server\":\"a/vm1\"}");
    assertThat(refused("/api/v1/functions/rack1/disk3/detach", "{}").why())
        .contains("slot 's3' of profile 'web'");
    ApiException inUse =
        catchThrowableOfType(ApiException.class, () -> ask(Caller.LOCAL, "DELETE", WEB, WAIT, ""));
    assertThat(inUse.error()).isEqualTo(ApiError.CONFLICT);
    ask(Caller.LOCAL, "DELETE", WEB, Map.of("force", "true", "wait", "60s"), "");
    assertThat(holder(rack1, "disk3")).isEmpty();
    assertThat(size("/api/v1/profiles")).isZero();
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    assertThat(refused(APPLY, "{\"yaml\":\"kind: Pool\\nname: x\\ncolour: 1\"}"))
        .hasMessageContaining("nobody knows the key 'colour'");
    assertThat(refused(APPLY, "{}").why()).contains("there is no document");
    assertThat(refused(APPLY, "{\"jaml\":\"\"}").error()).isEqualTo(ApiError.BAD_REQUEST);
    assertThat(refused(WEB + "/move", "{\"server\":\"b\"}").error()).isEqualTo(ApiError.NOT_FOUND);
    assertThat(refused(WEB + "/cancel", "").error()).isEqualTo(ApiError.NOT_FOUND);
    Caller viewer = new Caller(Caller.Kind.USER, "vi", Role.VIEWER, "", "test");
    ApiException forbidden =
        catchThrowableOfType(
            ApiException.class, () -> ask(viewer, "POST", APPLY, Map.of(), "{\"yaml\":\"\"}"));
    assertThat(forbidden.error()).isEqualTo(ApiError.FORBIDDEN);
    apply(YAML, WAIT);
    Caller blue = new Caller(Caller.Kind.USER, "bo", Role.OPERATOR, "blue", "test");
    assertThat(ask(blue, "GET", "/api/v1/pools", Map.of(), "").body().path("items")).hasSize(1);
    ApiException notTheirs =
        catchThrowableOfType(
            ApiException.class,
            () -> ask(blue, "POST", WEB + "/detach", Map.of(), "{\"force\":true}"));
    assertThat(notTheirs.error()).isEqualTo(ApiError.FORBIDDEN);
  }

  @Test
  void aGuestThatDoesNotLetGoPutsAllBack() throws Exception {
    apply(YAML, WAIT);
    a.letsGo = false;
    ApiResponse begun =
        ask(Caller.LOCAL, "POST", WEB + "/move", Map.of(), "{\"server\":\"b/vm2\"}");
    assertThat(begun.status()).isEqualTo(ApiResponse.ACCEPTED_STATUS);
    assertThat(get(WEB).path("state").asString()).isEqualTo("changing");
    post(WEB + "/cancel", Map.of(), "");
    assertThat(event("rolled-back")).contains("cancelled by local");
    assertThat(get(WEB).path("place").asString()).isEqualTo("a/vm1");
    a.letsGo = true;
    while (!get(WEB).path("state").asString().equals("attached")) {
      Thread.sleep(5);
    }
    // Some had been let go before it was put back: they come again.
    for (int i = 0; i < 4; i++) {
      while (!holder(rack1, "disk" + i).equals("a")) {
        Thread.sleep(5);
      }
    }
  }

  @Test
  void aDeadServersProfileMovesByItsRule() throws Exception {
    apply(YAML, WAIT);
    loops.remove("a").close();
    JsonNode web = get(WEB);
    while (!web.path("state").asString().equals("attached")
        || !web.path("place").asString().equals("b/vm2")) {
      Thread.sleep(10);
      web = get(WEB);
    }
    assertThat(holder(rack1, "disk0")).isEqualTo("b");
    assertThat(event("failed-over")).contains("server a has been gone for", "it moves to b/vm2");
  }

  @Test
  void aSpareTakesOver() throws Exception {
    apply(YAML, WAIT);
    rack1.slots.get("disk0").present = false;
    while (!holder(rack2, "disk0").equals("a")) {
      Thread.sleep(10);
    }
    assertThat(rack2.slots.get("disk0").order.identity()).isEqualTo(Map.of("serial", "FS-001"));
    assertThat(event("spare-taken")).contains("rack1/disk0 is lost", "rack2/disk0 takes over");
  }
}
