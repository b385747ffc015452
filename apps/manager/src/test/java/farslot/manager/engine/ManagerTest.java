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
import farslot.store.file.FileStateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A manager with its threads, asked by its API, and agents that speak with it as real ones do. */
class ManagerTest {
  private static final String DISK = "/api/v1/functions/rack1/disk0";
  private static final Map<String, String> WAIT = Map.of("wait", "60s");

  private final Map<String, FakeAppliance> appliances = new HashMap<>();
  private final FakeAppliance rack = new FakeAppliance("rack1", "disk0", "disk1");
  private final FakeServer a = new FakeServer("a", appliances, "vm1");
  private final FakeServer b = new FakeServer("b", appliances, "vm2");
  private final List<AgentLoop> loops = new ArrayList<>();
  @TempDir Path dir;
  private FileStateStore store;
  private Manager manager;

  @BeforeEach
  void open() throws Exception {
    appliances.put("rack1", rack);
    begin();
    loop(AgentKind.APPLIANCE, "rack1", rack);
    loop(AgentKind.INITIATOR, "a", a);
    loop(AgentKind.INITIATOR, "b", b);
    while (items(get("/api/v1/functions")).size() < 2 || items(get("/api/v1/servers")).size() < 2) {
      Thread.sleep(5);
    }
  }

  private void begin() throws Exception {
    store = FileStateStore.open(dir.resolve("store"));
    ManagerOptions usual = ManagerOptions.DEFAULT;
    EngineOptions patient = new EngineOptions(Duration.ofHours(2), 4096);
    manager =
        new Manager(
            store,
            new ManagerOptions(patient, usual.clockNs(), usual.clockMs(), "test"),
            List.of());
    manager.start();
  }

  private void loop(AgentKind kind, String name, Agent agent) throws Exception {
    AgentTimes times =
        new AgentTimes(
            Duration.ofHours(1), // What is due must not wait for this.
            Duration.ofMillis(1),
            Duration.ofHours(1),
            Duration.ofMillis(5),
            Duration.ofMillis(50));
    // A way that leads to whichever manager there is.
    AgentLoop loop =
        new AgentLoop(
            kind, name, new SwitchedPort(() -> manager.port()), agent, dir.resolve(name), times);
    loop.start();
    loops.add(loop);
  }

  @AfterEach
  void close() throws Exception {
    loops.forEach(AgentLoop::close);
    end();
  }

  private void end() throws Exception {
    manager.close();
    store.close();
  }

  private JsonNode ask(
      Caller caller, String method, String path, Map<String, String> query, String body)
      throws Exception {
    ApiResponse answer =
        manager.api().handle(new ApiRequest(method, path, query, Json.parse(body), caller));
    return answer.body();
  }

  private JsonNode get(String path) throws Exception {
    return ask(Caller.LOCAL, "GET", path, Map.of(), "");
  }

  private JsonNode post(String path, Map<String, String> query, String body) throws Exception {
    return ask(Caller.LOCAL, "POST", path, query, body);
  }

  private ApiException refused(String path, String body) {
    return catchThrowableOfType(ApiException.class, () -> post(path, WAIT, body));
  }

  private static List<JsonNode> items(JsonNode list) {
    return list.path("items").valueStream().toList();
  }

  @Test
  void attachMoveDetach() throws Exception {
    JsonNode attached = post(DISK + "/attach", WAIT, "{\"server\":\"a\",\"guest\":\"vm1\"}");
    assertThat(attached.path("phase").asString()).isEqualTo("attached");
    assertThat(attached.path("holder").asString()).isEqualTo("a/vm1");
    assertThat(rack.slots.get("disk0").holder).isEqualTo("a");
    JsonNode moved = post(DISK + "/move", WAIT, "{\"server\":\"b/vm2\",\"sanitise\":\"format\"}");
    assertThat(moved.path("phase").asString()).isEqualTo("attached");
    assertThat(rack.slots.get("disk0").holder).isEqualTo("b");
    JsonNode free = post(DISK + "/detach", WAIT, "");
    assertThat(free.path("state").asString()).isEqualTo("free");
    assertThat(rack.slots.get("disk0").holder).isEmpty();
    assertThat(rack.slots.get("disk0").refusals).isZero();
    assertThat(items(get("/api/v1/events")))
        .extracting(each -> each.path("what").asString())
        .contains("assigned", "granted", "attached", "draining", "fenced", "sanitised", "moved")
        .contains("released", "joined");
  }

  @Test
  void refusalsNameTheHolderAndTheNextCommand() throws Exception {
    post(DISK + "/attach", WAIT, "{\"server\":\"a\",\"guest\":\"vm1\"}");
    ApiException held = refused(DISK + "/attach", "{\"server\":\"b\"}");
    assertThat(held.error()).isEqualTo(ApiError.CONFLICT);
    assertThat(held.why()).isEqualTo("it is held by a/vm1");
    assertThat(held.next()).isEqualTo("farslot move rack1/disk0 b, or farslot detach rack1/disk0");
    assertThat(refused(DISK + "/attach", "{\"server\":\"c\"}").error())
        .isEqualTo(ApiError.NOT_FOUND);
    assertThat(refused(DISK + "/attach", "{\"server\":\"a\",\"guest\":\"vm9\"}"))
        .hasMessage("server 'a' has no guest 'vm9': it has vm1");
    assertThat(refused("/api/v1/functions/rack1/disk7/attach", "{\"server\":\"a\"}").error())
        .isEqualTo(ApiError.NOT_FOUND);
    assertThat(refused("/api/v1/functions/rack1/disk1/detach", "").error())
        .isEqualTo(ApiError.NOT_FOUND);
    assertThat(refused(DISK + "/attach", "{\"sever\":\"a\"}").error())
        .isEqualTo(ApiError.BAD_REQUEST);
    assertThat(refused(DISK + "/attach", "{}")).hasMessageContaining("'server' is missing");
    assertThat(refused(DISK + "/detach", "{\"revision\":1}"))
        .hasMessageContaining("has changed meanwhile");
    // The same again is no conflict.
    assertThat(post(DISK + "/attach", WAIT, "{\"server\":\"a/vm1\"}").path("phase").asString())
        .isEqualTo("attached");
  }

  @Test
  void aGuestThatDoesNotLetGo() throws Exception {
    post(DISK + "/attach", WAIT, "{\"server\":\"a\",\"guest\":\"vm1\"}");
    a.letsGo = false;
    ApiException refused = refused(DISK + "/detach", "{\"timeout\":\"100ms\"}");
    assertThat(refused.error()).isEqualTo(ApiError.TIMED_OUT);
    assertThat(refused)
        .hasMessageContaining("a/vm1 did not let go of it within 100 ms: its guest says no");
    assertThat(refused.next()).contains("--force");
    assertThat(get(DISK).path("state").asString()).isEqualTo("attached");
    assertThat(items(get("/api/v1/assignments")).getFirst().path("problem").asString())
        .contains("did not let go");
    post(DISK + "/detach", WAIT, "{\"force\":true}");
    assertThat(rack.slots.get("disk0").holder).isEmpty();
  }

  @Test
  void whatIsInUseByASocketIsNotTaken() throws Exception {
    a.inUse = true;
    post(DISK + "/attach", WAIT, "{\"server\":\"a\"}");
    while (!get(DISK).path("assignment").path("live").path("driver-bound").asBoolean()) {
      Thread.sleep(5);
    }
    ApiException refused = refused(DISK + "/detach", "");
    assertThat(refused.error()).isEqualTo(ApiError.CONFLICT);
    assertThat(refused.why())
        .isEqualTo("it is in use at a, which was given a socket and cannot be asked");
  }

  @Test
  void theManagerIsKilledAndComesAgain() throws Exception {
    post(DISK + "/attach", WAIT, "{\"server\":\"a\",\"guest\":\"vm1\"}");
    post("/api/v1/functions/rack1/disk1/attach", Map.of(), "{\"server\":\"b\"}");
    end();
    Thread.sleep(100);
    assertThat(rack.slots.get("disk0").holder).isEqualTo("a");
    begin();
    JsonNode attached = post("/api/v1/functions/rack1/disk1/attach", WAIT, "{\"server\":\"b\"}");
    assertThat(attached.path("phase").asString()).isEqualTo("attached");
    assertThat(get(DISK).path("state").asString()).isEqualTo("attached");
    post(DISK + "/move", WAIT, "{\"server\":\"b\",\"guest\":\"vm2\"}");
    assertThat(rack.slots.get("disk0").holder).isEqualTo("b");
    assertThat(rack.slots.get("disk0").shutOut).isZero();
  }

  @Test
  void tenantsAndRoles() throws Exception {
    Caller viewer = new Caller(Caller.Kind.USER, "eve", Role.VIEWER, "", "test");
    ApiException refused =
        catchThrowableOfType(
            ApiException.class,
            () -> ask(viewer, "POST", DISK + "/attach", Map.of(), "{\"server\":\"a\"}"));
    assertThat(refused.error()).isEqualTo(ApiError.FORBIDDEN);
    Caller red = new Caller(Caller.Kind.USER, "ann", Role.OPERATOR, "red", "test");
    Caller blue = new Caller(Caller.Kind.USER, "bob", Role.OPERATOR, "blue", "test");
    ask(red, "POST", DISK + "/attach", WAIT, "{\"server\":\"a\"}");
    assertThat(items(ask(red, "GET", "/api/v1/assignments", Map.of(), ""))).hasSize(1);
    assertThat(items(ask(blue, "GET", "/api/v1/assignments", Map.of(), ""))).isEmpty();
    assertThat(ask(blue, "GET", DISK, Map.of(), "").path("assignment").isMissingNode()).isTrue();
    ApiException others =
        catchThrowableOfType(
            ApiException.class, () -> ask(blue, "POST", DISK + "/detach", Map.of(), ""));
    assertThat(others.why()).isEqualTo("another tenant has it");
    Caller agent = new Caller(Caller.Kind.INITIATOR, "b", Role.NONE, "", "test");
    ApiException foreign =
        catchThrowableOfType(
            ApiException.class,
            () -> ask(agent, "GET", "/api/v1/agents/initiator/a/orders", Map.of(), ""));
    assertThat(foreign.error()).isEqualTo(ApiError.FORBIDDEN);
    assertThat(
            ask(agent, "GET", "/api/v1/agents/initiator/b/orders", Map.of(), "")
                .path("holdings")
                .isArray())
        .isTrue();
  }

  @Test
  void aFunctionOfATenantIsNotThereForOthers() throws Exception {
    post(DISK + "/tenant", Map.of(), "{\"tenant\":\"red\"}");
    Caller red = new Caller(Caller.Kind.USER, "ann", Role.OPERATOR, "red", "test");
    Caller blue = new Caller(Caller.Kind.USER, "bob", Role.OPERATOR, "blue", "test");
    assertThat(items(ask(red, "GET", "/api/v1/functions", Map.of(), ""))).hasSize(2);
    assertThat(items(ask(blue, "GET", "/api/v1/functions", Map.of(), ""))).hasSize(1);
    ApiException hidden =
        catchThrowableOfType(
            ApiException.class,
            () -> ask(blue, "POST", DISK + "/attach", Map.of(), "{\"server\":\"a\"}"));
    assertThat(hidden.error()).isEqualTo(ApiError.NOT_FOUND);
    // What its appliance reports does not take it from its tenant.
    rack.restart();
    post(DISK + "/attach", WAIT, "{\"server\":\"a\"}");
    assertThat(get(DISK).path("tenant").asString()).isEqualTo("red");
    assertThat(refused(DISK + "/tenant", "{\"tenant\":\"blue\"}"))
        .hasMessageContaining("it is held by a");
  }

  @Test
  void whatCannotBeSanitisedCanBeGivenFree() throws Exception {
    rack.slots.get("disk0").sanitises = false;
    post(DISK + "/attach", WAIT, "{\"server\":\"a\",\"sanitise\":\"format\"}");
    post(DISK + "/detach", WAIT, "");
    assertThat(get(DISK).path("state").asString()).isEqualTo("sanitising");
    assertThat(refused(DISK + "/attach", "{\"server\":\"b\"}").why())
        .isEqualTo("it is being sanitised (format-2)");
    post(DISK + "/skip-sanitise", Map.of(), "");
    assertThat(get(DISK).path("state").asString()).isEqualTo("free");
    post(DISK + "/attach", WAIT, "{\"server\":\"b\"}");
  }

  @Test
  void whoWatchesHearsOfIt() throws Exception {
    long from = get("/api/v1/functions").path("revision").asLong() + 1;
    Map<String, String> query = Map.of("from", String.valueOf(from), "wait", "60s");
    post(DISK + "/attach", Map.of(), "{\"server\":\"a\"}");
    JsonNode changes = ask(Caller.LOCAL, "GET", "/api/v1/watch", query, "");
    assertThat(items(changes))
        .extracting(each -> each.path("kind").asString())
        .contains("assignment", "event");
    assertThat(items(changes).getFirst().path("key").asString()).isEqualTo("rack1/disk0");
    post(DISK + "/detach", WAIT, "");
    query = Map.of("after", String.valueOf(from), "subject", "rack1/disk0", "what", "released");
    assertThat(items(ask(Caller.LOCAL, "GET", "/api/v1/events", query, ""))).hasSize(1);
    assertThat(
            catchThrowableOfType(
                    ApiException.class,
                    () -> ask(Caller.LOCAL, "GET", "/api/v1/events", Map.of("wait", "soon"), ""))
                .error())
        .isEqualTo(ApiError.BAD_REQUEST);
  }

  @Test
  void statusAndTop() throws Exception {
    a.attaches = false;
    post(DISK + "/attach", Map.of(), "{\"server\":\"a\"}");
    while (!get("/api/v1/status").toString().contains("waits for server a to attach it")) {
      Thread.sleep(5);
    }
    JsonNode status = get("/api/v1/status");
    assertThat(status.path("servers").path("here").asInt()).isEqualTo(2);
    assertThat(status.path("functions").path("free").asInt()).isEqualTo(1);
    assertThat(items(get("/api/v1/top")).getFirst().path("holder").asString()).isEqualTo("a");
    ApiException late =
        catchThrowableOfType(
            ApiException.class,
            () -> post(DISK + "/attach", Map.of("wait", "50ms"), "{\"server\":\"a\"}"));
    assertThat(late.error()).isEqualTo(ApiError.TIMED_OUT);
    assertThat(late.why()).contains("waits for server a to attach it");
  }
}
