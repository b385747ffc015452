package farslot.manager.access;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiHandler;
import farslot.api.ApiRequest;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.Role;
import farslot.api.Router;
import farslot.api.Router.Question;
import farslot.manager.engine.Manager;
import farslot.manager.engine.ManagerOptions;
import farslot.manager.engine.Part;
import farslot.manager.profiles.Profiles;
import farslot.pki.AuthorityDirectory;
import farslot.store.StateStore;
import farslot.store.file.FileStateStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every route of the API, asked by every role of every tenant. A route that has no rule here fails
 * the test: whoever adds one says who may ask it.
 */
class EveryRouteTest {
  /** What a route is about, which says what another tenant's people hear. */
  private enum About {
    /** Who asks, alone; anybody may. */
    ONESELF,
    /** An agent, which alone may. */
    AGENT,
    /** Things of which everybody sees his own. */
    LIST,
    /** One thing; another tenant's is not there. */
    THING,
    /** Who may do what: for admins of the whole fabric. */
    FABRIC
  }

  private static final Map<String, About> RULES = new HashMap<>();

  private static void rule(About about, String... questions) {
    for (String each : questions) {
      String[] words = each.split(" ");
      for (String method : words[0].split(",")) {
        RULES.put(method + " /api/v1/" + words[1], about);
      }
    }
  }

  static {
    rule(About.ONESELF, "GET whoami", "POST join", "GET pki/trust", "POST pki/renew", "GET ca");
    rule(About.AGENT, "POST agents/{kind}/{name}/report", "GET agents/{kind}/{name}/orders");
    rule(
        About.LIST,
        "GET appliances",
        "GET functions",
        "GET servers",
        "GET guests",
        "GET assignments",
        "GET profiles",
        "GET templates",
        "GET pools",
        "GET identities",
        "GET status",
        "GET top",
        "GET events",
        "GET watch");
    rule(
        About.THING,
        "GET appliances/{name}",
        "GET functions/{appliance}/{name}",
        "GET servers/{name}",
        "GET guests/{server}/{name}",
        "GET assignments/{appliance}/{name}",
        "POST functions/{appliance}/{name}/attach",
        "POST functions/{appliance}/{name}/detach",
        "POST functions/{appliance}/{name}/move",
        "POST functions/{appliance}/{name}/terms",
        "GET,DELETE profiles/{name}",
        "GET,DELETE templates/{name}",
        "GET,DELETE pools/{name}",
        "GET,DELETE identities/{name}",
        "POST profiles/{name}/apply",
        "POST profiles/{name}/move",
        "POST profiles/{name}/detach",
        "POST profiles/{name}/cancel");
    rule(
        About.FABRIC,
        "POST functions/{appliance}/{name}/tenant",
        "POST functions/{appliance}/{name}/skip-sanitise",
        "POST ca/rotate",
        "GET,POST tokens",
        "DELETE tokens/{id}",
        "GET,POST certificates",
        "DELETE certificates/{serial}",
        "GET users",
        "GET users/{name}",
        "GET members",
        "PUT,DELETE members/{kind}/{name}",
        "GET audit");
    // A file of documents names many things; what it may is asked below.
    rule(About.LIST, "POST apply");
  }

  private static final String DOCUMENTS =
      """
      kind: Pool
      name: pool-beta
      card: nvme
      ---
      kind: Identities
      name: ids-beta
      what: serial
      from: B-001
      to: B-100
      ---
      kind: Template
      name: template-beta
      slots:
      - name: data
        pool: pool-beta
      ---
      kind: Profile
      name: profile-beta
      slots:
      - name: data
        pool: pool-beta
      """;

  @TempDir private Path dir;
  private StateStore store;
  private Manager manager;
  private ApiHandler api;

  private record AccessRoutes(Access access) implements Part {
    @Override
    public void routes(Manager of, Router router) {
      access.routes(router);
    }
  }

  @BeforeEach
  void begin() throws Exception {
    AuthorityDirectory authorities = new AuthorityDirectory(dir.resolve("ca"));
    authorities.begin("lab", java.time.Instant.now());
    store = FileStateStore.open(dir.resolve("store"));
    Access access = new Access(store, authorities, java.time.InstantSource.system());
    manager =
        new Manager(
            access.store(),
            ManagerOptions.DEFAULT,
            List.of(new AccessRoutes(access), new Profiles()));
    api = access.audited(manager.api());
    fill();
  }

  @AfterEach
  void end() throws Exception {
    manager.close();
    store.close();
  }

  /** All that belongs to the tenant 'beta' is called so. */
  private void fill() throws Exception {
    for (String kind : List.of("appliance", "initiator", "user")) {
      must(Caller.LOCAL, "PUT", "members/" + kind + "/" + kind + "-beta", "{\"tenant\":\"beta\"}");
    }
    String card =
        "{\"card\":\"nvme\",\"device-id\":\"1b36:0010\",\"present\":true,\"capacity-bytes\":1000,\"name\":\"%s\"}";
    String cards = card.formatted("disk-beta") + "," + card.formatted("disk2-beta");
    must(
        Caller.LOCAL,
        "POST",
        "agents/appliance/appliance-beta/report",
        "{\"name\":\"appliance-beta\",\"instance\":\"1\",\"functions\":[" + cards + "]}");
    must(
        Caller.LOCAL,
        "POST",
        "agents/initiator/initiator-beta/report",
        "{\"name\":\"initiator-beta\",\"instance\":\"1\",\"guests\":[{\"name\":\"vm-beta\"}]}");
    must(
        Caller.LOCAL,
        "POST",
        "agents/appliance/common/report",
        "{\"name\":\"common\",\"instance\":\"1\",\"functions\":[" + card.formatted("disk") + "]}");
    for (String each : List.of("disk-beta", "disk2-beta")) {
      String path = "functions/appliance-beta/" + each + "/tenant";
      must(Caller.LOCAL, "POST", path, "{\"tenant\":\"beta\"}");
    }
    must(
        user(Role.OPERATOR, "beta"),
        "POST",
        "functions/appliance-beta/disk-beta/attach",
        "{\"server\":\"initiator-beta/vm-beta\"}");
    must(
        user(Role.OPERATOR, "beta"),
        "POST",
        "apply",
        Json.object().put("yaml", DOCUMENTS).toString());
  }

  private static Caller user(Role role, String tenant) {
    return new Caller(Caller.Kind.USER, "someone", role, tenant, "10.0.0.9");
  }

  private void must(Caller caller, String method, String path, String body) throws Exception {
    api.handle(new ApiRequest(method, "/api/v1/" + path, Map.of(), Json.parse(body), caller));
  }

  /** What somebody hears: an error's code and words, or what is answered. */
  private record Heard(String code, String text) {}

  private Heard ask(Caller caller, String method, String path, String body) throws Exception {
    try {
      ApiRequest request = new ApiRequest(method, path, Map.of(), Json.parse(body), caller);
      return new Heard("ok", api.handle(request).body().toString());
    } catch (ApiException e) {
      return new Heard(e.error().code(), e.what() + "|" + e.why() + "|" + e.next());
    }
  }

  private List<Question> questions() {
    return ((Router) manager.api()).questions();
  }

  private static About about(Question question) {
    return RULES.get(question.method() + " " + question.pattern());
  }

  /** A path to what is beta's. */
  private static String path(Question question) {
    String pattern = question.pattern();
    String kind = pattern.split("/")[3].replaceFirst("s$", "").replace("identitie", "ids");
    String name =
        switch (kind) {
          case "appliance" -> "appliance-beta";
          case "function", "assignment" -> "disk-beta";
          case "server", "agent", "member" -> "initiator-beta";
          case "guest" -> "vm-beta";
          default -> kind + "-beta";
        };
    return pattern
        .replace("{appliance}", "appliance-beta")
        .replace("{server}", "initiator-beta")
        .replace("{kind}", "initiator")
        .replace("{name}", name)
        .replace("{id}", "0123456789abcdef")
        .replace("{serial}", "abcdef");
  }

  private static String body(Question question) {
    String path = question.pattern();
    return path.endsWith("/attach") || path.endsWith("/move") || path.endsWith("}/apply")
        ? "{\"server\":\"initiator-beta\"}"
        : path.endsWith("/terms") ? "{\"terms\":{}}" : "{}";
  }

  @Test
  void everyRouteHasARuleAndEveryRuleARoute() {
    TreeSet<String> there = new TreeSet<>();
    questions().forEach(each -> there.add(each.method() + " " + each.pattern()));
    assertThat(new TreeSet<>(RULES.keySet())).isEqualTo(there);
  }

  @Test
  void whoeverHasTooLittleRoleIsRefused() throws Exception {
    for (Question each : questions()) {
      for (Role role : Role.values()) {
        for (String tenant : List.of("", "alpha", "beta")) {
          if (!role.covers(each.least())) {
            Heard heard = ask(user(role, tenant), each.method(), path(each), body(each));
            assertThat(heard.code()).as("%s by %s", each, role).isEqualTo("forbidden");
          }
        }
      }
      Caller stranger = new Caller(Caller.Kind.ANONYMOUS, "", Role.NONE, "", "10.0.0.9");
      Heard heard = ask(stranger, each.method(), path(each), body(each));
      if (about(each) != About.ONESELF) {
        assertThat(heard.code()).as("%s by a stranger", each).isIn("unauthenticated", "forbidden");
      }
    }
  }

  @Test
  void whatChangesSomethingIsForNoViewer() {
    for (Question each : questions()) {
      boolean change = !each.method().equals("GET");
      if (change && about(each) != About.ONESELF && about(each) != About.AGENT) {
        assertThat(each.least()).as("%s", each).isGreaterThanOrEqualTo(Role.OPERATOR);
      }
      if (about(each) == About.FABRIC) {
        assertThat(each.least()).as("%s", each).isEqualTo(Role.ADMIN);
      }
    }
  }

  @Test
  void ofAnotherTenantNothingIsHeard() throws Exception {
    for (Question each : questions()) {
      for (Role role : List.of(Role.VIEWER, Role.OPERATOR, Role.ADMIN)) {
        if (role.covers(each.least())) {
          heardByAlpha(each, user(role, "alpha"));
        }
      }
    }
  }

  private void heardByAlpha(Question each, Caller caller) throws Exception {
    String path = path(each);
    Heard heard = ask(caller, each.method(), path, body(each));
    String as = each + " by " + caller.role() + ": " + heard;
    switch (about(each)) {
      case FABRIC, AGENT -> assertThat(heard.code()).as(as).isEqualTo("forbidden");
      case LIST -> assertThat(heard.text()).as(as).doesNotContain("beta");
      case THING -> {
        assertThat(heard.code()).as(as).isEqualTo(ApiError.NOT_FOUND.code());
        String elsewhere = path.replace("beta", "none");
        Heard none = ask(caller, each.method(), elsewhere, body(each).replace("beta", "none"));
        Heard same = new Heard(none.code(), none.text().replace("none", "beta"));
        assertThat(heard).as(as).isEqualTo(same);
      }
      case ONESELF -> assertThat(heard.text()).as(as).doesNotContain("beta");
    }
  }

  /** Names of others in what one may write: as if they did not exist. */
  @Test
  void whatABodyNamesOfAnotherTenantIsNotThereEither() throws Exception {
    Caller alpha = user(Role.ADMIN, "alpha");
    for (String server : List.of("initiator-beta", "initiator-beta/vm-beta")) {
      for (String what : List.of("attach", "move")) {
        String path = "/api/v1/functions/common/disk/" + what;
        String body = Json.object().put("server", server).toString();
        sameAsNone(alpha, path, body);
      }
    }
    for (String slots :
        List.of(
            "slots:\n- name: d\n  pool: pool-beta\n",
            "slots:\n- name: d\n  function: appliance-beta/disk2-beta\n",
            "slots:\n- name: d\n  identity-from:\n    serial: ids-beta\n  pool: pool-beta\n",
            "server: initiator-beta\nguest: vm-beta\n",
            "candidates:\n- initiator-beta\n",
            "server-pool: pool-beta\n",
            "template: template-beta\n")) {
      String yaml = "kind: Profile\nname: mine\n" + slots;
      sameAsNone(alpha, "/api/v1/apply", file(yaml));
    }
    for (String lines :
        List.of("functions:\n- appliance-beta/disk2-beta\n", "servers:\n- initiator-beta\n")) {
      String yaml = "kind: Pool\nname: mine\n" + lines;
      sameAsNone(alpha, "/api/v1/apply", file(yaml));
    }
  }

  /** What cannot be had because another tenant has it: without saying who, or how it is called. */
  @Test
  void identitiesOfAnotherTenantAreNotNamed() throws Exception {
    String yaml = "kind: Identities\nname: mine\nwhat: serial\nfrom: B-050\nto: B-060\n";
    Heard heard = ask(user(Role.OPERATOR, "alpha"), "POST", "/api/v1/apply", file(yaml));
    assertThat(heard.code()).isEqualTo("conflict");
    assertThat(heard.text()).contains("another tenant").doesNotContain("beta");
  }

  private static String file(String yaml) {
    return Json.object().put("yaml", yaml).put("dry-run", true).toString();
  }

  private void sameAsNone(Caller caller, String path, String body) throws Exception {
    Heard heard = ask(caller, "POST", path, body);
    Heard none = ask(caller, "POST", path, body.replace("beta", "none"));
    Heard same = new Heard(none.code(), none.text().replace("none", "beta"));
    assertThat(heard.text().replaceAll("\"revision\":\\d+", ""))
        .as(path + " " + body)
        .isEqualTo(same.text().replaceAll("\"revision\":\\d+", ""));
  }

  @Test
  void whoHasNoTenantIsRefusedNothingThatHisRoleMaySee() throws Exception {
    for (Question each : questions()) {
      if (each.method().equals("GET") && about(each) != About.AGENT) {
        Heard heard = ask(user(each.least(), ""), "GET", path(each), "");
        assertThat(heard.code()).as("%s: %s", each, heard).isNotIn("forbidden", "unauthenticated");
      }
    }
  }

  private static final List<String> KEYS =
      List.of(
          "server",
          "guest",
          "identity",
          "boot-order",
          "qos",
          "sanitise",
          "revision",
          "force",
          "timeout",
          "terms",
          "tenant",
          "yaml",
          "file",
          "release",
          "kind",
          "name",
          "role",
          "step",
          "expires-seconds",
          "csr",
          "hosts",
          "lifetime-days",
          "secret",
          "instance",
          "functions",
          "guests",
          "holdings",
          "rails",
          "addresses",
          "unknown");

  private static final List<String> VALUES =
      List.of(
          "null",
          "0",
          "-1",
          "1.5",
          "true",
          "9223372036854775808",
          "-9223372036854775809",
          "1" + "0".repeat(400),
          "1e999",
          "\"\"",
          "\"x\"",
          "\"../..\"",
          "\"a\\nb\"",
          "\"\\u0000\"",
          "\"\\u202e\"",
          "\"\\ud800\"",
          "\"" + "y".repeat(5000) + "\"",
          "[]",
          "[null]",
          "[[]]",
          "[{}]",
          "[{\"name\":null}]",
          "{}",
          "{\"a\":null}",
          "{\"\":\"\"}");

  /** Whatever stands where: an answer in words, none of them Java's, and no mistake of ours. */
  @Test
  void noBodyBreaksARoute() throws Exception {
    for (Question each : questions()) {
      if (each.method().equals("GET")) {
        continue;
      }
      for (String key : KEYS) {
        for (String value : VALUES) {
          String more = body(each).equals("{}") ? "" : body(each).replaceAll("[{}]", "") + ",";
          String body = more.contains("\"" + key + "\"") ? "{" : "{" + more;
          brokenBy(each, body + "\"" + key + "\":" + value + "}");
        }
      }
    }
  }

  private void brokenBy(Question each, String body) throws Exception {
    String path = path(each).replace("/disk-beta/", "/disk2-beta/");
    Heard heard;
    try {
      heard = ask(Caller.LOCAL, each.method(), path, body);
    } catch (RuntimeException e) {
      throw new AssertionError(each + " by " + body, e);
    }
    assertThat(heard.code()).as(each + " by " + body).isNotEqualTo(ApiError.FAILED.code());
    if (!heard.code().equals("ok")) {
      assertThat(heard.text()).doesNotContain("farslot.", "java.").hasSizeLessThan(6_500);
      assertThat(heard.text().chars().filter(c -> c < ' ' && c != '\n').count()).isZero();
    }
  }
}
