package farslot.manager.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiHandler;
import farslot.api.ApiRequest;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.Role;
import farslot.manager.engine.Manager;
import farslot.manager.engine.ManagerOptions;
import farslot.manager.engine.MortalStore;
import farslot.manager.profiles.Profiles;
import farslot.pki.AuthorityDirectory;
import farslot.store.KeyRange;
import farslot.store.RangeRequest;
import farslot.store.StateStore;
import farslot.store.file.FileStateStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Between a change and its record there is nothing: no kill, no full disk, no mistake. */
class AuditKilledTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Caller ANN = new Caller(Caller.Kind.USER, "ann", Role.ADMIN, "", "1.2.3.4");
  private static final String POOL = "kind: Pool\nname: gold\ncard: nvme\n";

  @TempDir private Path dir;

  /** One change, as it is asked for. */
  private record Change(String method, String path, JsonNode body, String key) {}

  private static List<Change> changes() {
    return List.of(
        new Change(
            "PUT",
            "/api/v1/members/user/eve",
            Json.object().put("role", "viewer"),
            "/access/members/user/eve"),
        new Change(
            "POST",
            "/api/v1/tokens",
            Json.object().put("kind", "user").put("name", "eve").put("role", "viewer"),
            "/access/tokens/"),
        new Change("POST", "/api/v1/apply", Json.object().put("yaml", POOL), "/pools/gold"));
  }

  private record Fabric(MortalStore store, Access access, ApiHandler api) {
    void ask(Change change) throws Exception {
      api.handle(new ApiRequest(change.method, change.path, Map.of(), change.body, ANN));
    }

    List<AuditRecord> log() throws ApiException {
      return access.audit().read(1, 100);
    }

    boolean holds(Change change) throws Exception {
      return !store.range(RangeRequest.of(KeyRange.prefix(change.key))).items().isEmpty();
    }
  }

  private Fabric open(StateStore real) throws Exception {
    return open(real, true);
  }

  /**
   * @param done whether an operation in which the manager is killed was done
   */
  private Fabric open(StateStore real, boolean done) throws Exception {
    AuthorityDirectory authorities = new AuthorityDirectory(dir.resolve("ca"));
    if (!authorities.exists()) {
      authorities.begin("lab", NOW);
    }
    MortalStore store = new MortalStore(real, new Coin(done));
    Access access = new Access(store, authorities, InstantSource.fixed(NOW));
    Manager manager =
        new Manager(
            access.store(),
            ManagerOptions.DEFAULT,
            List.of(new AccessRoutes(access), new Profiles()));
    return new Fabric(store, access, access.audited(manager.api()));
  }

  /** Chance, but that one kind of it is known. */
  private static final class Coin extends Random {
    private static final long serialVersionUID = 1;
    private final boolean heads;

    Coin(boolean heads) {
      super(1);
      this.heads = heads;
    }

    @Override
    public boolean nextBoolean() {
      return heads;
    }
  }

  private record AccessRoutes(Access access) implements farslot.manager.engine.Part {
    @Override
    public void routes(Manager manager, farslot.api.Router router) {
      access.routes(router);
    }
  }

  @Test
  void whereverTheManagerIsKilledNoChangeIsWithoutItsRecord() throws Exception {
    Set<String> seen = new TreeSet<>();
    for (Change change : changes()) {
      for (int operation = 1; operation <= 10; operation++) {
        for (int half = 0; half < 2; half++) {
          String at = operation + "-" + half + change.path.replace('/', '_');
          seen.add(killed(change, operation, half, dir.resolve(at)));
        }
      }
    }
    // Otherwise this has shown nothing.
    assertThat(seen).contains("nothing", "begun", "done");
  }

  private String killed(Change change, int operation, int half, Path at) throws Exception {
    try (StateStore real = FileStateStore.open(at)) {
      Fabric fabric = open(real, half == 0);
      fabric.store.killAfter(operation);
      try {
        fabric.ask(change);
      } catch (MortalStore.Killed e) {
        // Wherever that was.
      }
    }
    try (StateStore real = FileStateStore.open(at)) {
      Fabric fabric = open(real);
      List<AuditRecord> log = fabric.log();
      if (!fabric.holds(change)) {
        assertThat(log).allMatch(each -> !each.outcome().equals("done"));
        return "nothing";
      }
      assertThat(log).as(at.toString()).hasSize(1);
      AuditRecord record = log.getFirst();
      assertThat(record.who()).isEqualTo("user/ann");
      assertThat(record.what()).isEqualTo(change.method + " " + change.path);
      // What comes next does not write over it.
      fabric.ask(new Change("PUT", "/api/v1/members/user/tom", Json.object(), ""));
      assertThat(fabric.log()).hasSize(2).first().isEqualTo(record);
      return record.outcome();
    }
  }

  @Test
  void whatCannotBeRecordedIsNotDone() throws Exception {
    for (Change change : changes()) {
      try (StateStore real = FileStateStore.open(dir.resolve(change.path.replace('/', '_')))) {
        Fabric fabric = open(real);
        for (int i = 0; i < 20; i++) {
          fabric.store.failing(1);
          assertThatThrownBy(() -> fabric.ask(change)).isInstanceOf(ApiException.class);
          fabric.store.failing(0);
          if (fabric.holds(change)) {
            assertThat(fabric.log()).isNotEmpty();
            break; // The disk did it, and did not say so.
          }
        }
        fabric.ask(new Change("PUT", "/api/v1/members/user/tom", Json.object(), ""));
        // What was refused meanwhile waited, and is there now.
        Set<String> outcomes =
            fabric.log().stream().map(AuditRecord::outcome).collect(Collectors.toSet());
        assertThat(outcomes).contains("unavailable", "done");
      }
    }
  }

  @Test
  void aRollOverOfTheAuthorityIsRecordedBeforeItBegins() throws Exception {
    try (StateStore real = FileStateStore.open(dir.resolve("store"))) {
      Fabric fabric = open(real);
      fabric.store.failing(1);
      Change rotate =
          new Change("POST", "/api/v1/ca/rotate", Json.object().put("step", "prepare"), "");
      assertThatThrownBy(() -> fabric.ask(rotate))
          .isInstanceOfSatisfying(
              ApiException.class, e -> assertThat(e.error()).isEqualTo(ApiError.UNAVAILABLE));
      assertThat(fabric.access.certificates().trusted()).hasSize(1);
    }
  }

  @Test
  void aReasonOfAnyLengthIsRecorded() throws Exception {
    try (StateStore real = FileStateStore.open(dir.resolve("store"))) {
      Fabric fabric = open(real);
      ApiHandler refusing =
          fabric.access.audited(
              _ -> {
                throw new ApiException(ApiError.CONFLICT, "no", "x".repeat(1 << 20), "");
              });
      assertThatThrownBy(
              () ->
                  refusing.handle(
                      new ApiRequest("POST", "/" + "y".repeat(5000), Map.of(), Json.object(), ANN)))
          .isInstanceOf(ApiException.class);
      assertThat(fabric.log()).singleElement().matches(each -> each.why().length() < 2000);
    }
  }
}
