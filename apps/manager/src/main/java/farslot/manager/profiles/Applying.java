package farslot.manager.profiles;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.manager.engine.Engine;
import farslot.manager.engine.Manager;
import farslot.manager.engine.Queries;
import farslot.manager.engine.View;
import farslot.manager.model.ChangeDocument;
import farslot.manager.model.EventDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a plan and, unless it is only to be seen, does it; answers with the plan, at once or when
 * all of it has come true.
 */
final class Applying {
  private static final Duration WAIT_MAX = Duration.ofMinutes(10);

  /** So often is planned anew when somebody else was faster. */
  private static final int ATTEMPTS_MAX = 8;

  /** Makes a plan, from how things are. */
  interface Planning {
    Plan plan(View view, Planner planner, Asker asker) throws ApiException;
  }

  private final Manager manager;
  private final Engine engine;

  Applying(Manager manager) {
    this.manager = manager;
    this.engine = manager.engine();
  }

  /**
   * Plans, and does it.
   *
   * @param revision that the wish was made from; 0 for any
   * @param dryRun whether the plan is only to be seen
   */
  ApiResponse apply(ApiRequest request, long revision, boolean dryRun, Planning planning)
      throws ApiException, InterruptedException {
    Duration wait = Queries.time(request, "wait", WAIT_MAX);
    boolean onlySeen = dryRun || Boolean.parseBoolean(request.query("dryRun"));
    Caller caller = request.caller();
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
      long nowMs = manager.options().clockMs().getAsLong();
      Asker asker = new Asker(caller.name(), caller.tenant(), revision, Asker.WAIT_MS, nowMs);
      Plan plan =
          engine.ask(
              view -> planning.plan(view, new Planner(view.fabric(), new ViewFacts(view)), asker));
      if (onlySeen || plan.transaction().isEmpty()) {
        return ApiResponse.ok(shape(plan, false));
      }
      if (manager.commit(plan.transaction().get()).succeeded()) {
        return end(plan, wait);
      }
    }
    throw new ApiException(
        ApiError.CONFLICT,
        "nothing is changed",
        "each time that this was tried, somebody else was faster",
        "try again");
  }

  private static ObjectNode shape(Plan plan, boolean done) {
    ObjectNode shape = Json.object().put("revision", plan.revision());
    shape.put("changed", done);
    shape.put("change", plan.changeId().orElse(""));
    shape.set("profiles", Json.tree(plan.profiles()));
    shape.set("steps", Json.tree(plan.steps()));
    return shape.put("diff", plan.diff());
  }

  private ApiResponse end(Plan plan, Duration wait) throws ApiException, InterruptedException {
    ObjectNode shape = shape(plan, true);
    if (plan.changeId().isEmpty()) {
      return ApiResponse.ok(shape);
    }
    String id = plan.changeId().get();
    Optional<EventDocument> end = engine.await(view -> ended(view, id, plan.revision()), wait);
    if (end.isEmpty() && wait.isZero()) {
      return ApiResponse.accepted(shape);
    }
    if (end.isEmpty()) {
      throw new ApiException(
          ApiError.TIMED_OUT,
          "it is not done yet",
          "it goes on, until all is as wished or all is put back",
          "farslot events");
    }
    if (!end.get().what().equals("applied")) {
      boolean late = end.get().what().equals("rolled-back");
      throw new ApiException(
          late ? ApiError.TIMED_OUT : ApiError.CONFLICT,
          late ? "everything is as it was before" : "it is not as wished",
          end.get().message(),
          "farslot events");
    }
    return ApiResponse.ok(shape.put("result", end.get().message()));
  }

  /** How a change ended, once it has. */
  private Optional<EventDocument> ended(View view, String id, long revision) {
    if (view.fabric().get(Paths.change(id), ChangeDocument.class).isPresent()) {
      return Optional.empty();
    }
    return engine.events(revision).stream()
        .map(Held::document)
        .filter(each -> id.equals(each.details().get("change")))
        .reduce((_, last) -> last)
        .or(() -> Optional.of(superseded(id)));
  }

  /** Somebody else's change has taken its place, and told of itself only. */
  private static EventDocument superseded(String id) {
    return new EventDocument(
        0, "superseded", id, "", "another change has taken its place", Map.of());
  }
}
