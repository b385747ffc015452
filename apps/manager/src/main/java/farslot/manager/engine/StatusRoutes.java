package farslot.manager.engine;

import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.Router;
import farslot.api.agent.AgentKind;
import farslot.api.agent.Load;
import farslot.manager.model.ApplianceDocument;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.ServerDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How everything is, on one screen ({@code status}), and what it carries ({@code top}). */
final class StatusRoutes {
  private final Manager manager;
  private final Engine engine;

  StatusRoutes(Manager manager) {
    this.manager = manager;
    engine = manager.engine();
  }

  void add(Router router) {
    router.get("/api/v1/status", this::status);
    router.get("/api/v1/top", this::top);
  }

  private ApiResponse status(ApiRequest request, Map<String, String> parts) {
    return ApiResponse.ok(engine.look(view -> status(view, request.caller())));
  }

  private ObjectNode status(View view, Caller caller) {
    ObjectNode body = Json.object().put("revision", view.fabric().revision());
    body.put("software", manager.options().software());
    body.put("started-ms", manager.startedMs());
    body.put("now-ms", manager.options().clockMs().getAsLong());
    body.put("store-problem", manager.storeProblem());
    agents(
        view,
        AgentKind.APPLIANCE,
        view.fabric().all(ApplianceDocument.class).values().stream()
            .map(Held::document)
            .map(ApplianceDocument::name)
            .filter(each -> Sight.appliance(view, caller, each))
            .toList(),
        body.putObject("appliances"));
    agents(
        view,
        AgentKind.INITIATOR,
        view.fabric().all(ServerDocument.class).values().stream()
            .map(Held::document)
            .map(ServerDocument::name)
            .filter(each -> Sight.server(view, caller, each))
            .toList(),
        body.putObject("servers"));
    functions(view, caller, body.putObject("functions"));
    ArrayNode waiting = body.putArray("waiting");
    waiting(view, caller, waiting);
    ArrayNode problems = body.putArray("problems");
    if (caller.tenant().isEmpty()) {
      view.fabric().problems().forEach((key, problem) -> problem(problems, key, problem));
      view.live()
          .all()
          .forEach(
              agent ->
                  agent
                      .problems()
                      .forEach(
                          each ->
                              problem(
                                  problems,
                                  agent.report().kind().word() + " " + agent.report().name(),
                                  each)));
    }
    return body;
  }

  private static void problem(ArrayNode problems, String key, String problem) {
    problems.addObject().put("key", key).put("problem", problem);
  }

  private static void agents(View view, AgentKind kind, List<String> names, ObjectNode shape) {
    List<String> away = names.stream().filter(each -> !view.isThere(kind, each)).toList();
    shape.put("here", names.size() - away.size());
    shape.set("away", Json.tree(away));
  }

  /** How many are in which state. */
  private static void functions(View view, Caller caller, ObjectNode shape) {
    Map<String, Integer> states = new TreeMap<>();
    for (Held<FunctionDocument> each : view.fabric().all(FunctionDocument.class).values()) {
      if (caller.sees(each.document().tenant())) {
        states.merge(Shapes.state(view, each.document().path()), 1, Integer::sum);
      }
    }
    states.forEach(shape::put);
  }

  /** What is not as it shall be, and what it waits for. */
  private static void waiting(View view, Caller caller, ArrayNode waiting) {
    for (Held<AssignmentDocument> each : view.fabric().all(AssignmentDocument.class).values()) {
      AssignmentDocument assignment = each.document();
      if (!Sight.assignment(view, caller, assignment)) {
        continue;
      }
      String why = view.waiting(each);
      String words = why.isEmpty() ? assignment.problem() : why;
      if (!words.isEmpty()) {
        waiting
            .addObject()
            .put("function", assignment.function())
            .put("holder", assignment.holder())
            .put("phase", Shapes.word(assignment.phase()))
            .put("waiting", words);
      }
    }
  }

  private ApiResponse top(ApiRequest request, Map<String, String> parts) {
    return ApiResponse.ok(
        engine.look(
            view -> {
              ObjectNode body = Json.object().put("revision", view.fabric().revision());
              ArrayNode items = body.putArray("items");
              view.fabric().all(AssignmentDocument.class).values().stream()
                  .map(Held::document)
                  .filter(each -> Sight.assignment(view, request.caller(), each))
                  .forEach(each -> items.add(top(view, each)));
              return body;
            }));
  }

  /** Rates as the appliance counts; latencies as the server sees them. */
  private static ObjectNode top(View view, AssignmentDocument assignment) {
    ObjectNode shape = Json.object().put("function", assignment.function());
    shape.put("holder", assignment.holder());
    shape.put("phase", Shapes.word(assignment.phase()));
    Optional<Rate> server = view.live().rate(assignment.server(), assignment.function());
    Rate rate =
        view.live()
            .rate(assignment.function())
            .filter(each -> !each.last().equals(Load.NONE))
            .or(() -> server)
            .orElseGet(Rate::new);
    shape.put("bytes-down-per-second", rate.bytesDownPerSecond());
    shape.put("bytes-up-per-second", rate.bytesUpPerSecond());
    shape.put("operations-per-second", rate.operationsPerSecond());
    Load load = rate.last();
    shape.put("bytes-down", load.bytesDown()).put("bytes-up", load.bytesUp());
    shape.put("operations", load.operations()).put("delayed-ns", load.delayedNs());
    Load seen = server.map(Rate::last).filter(each -> each.latencyP50Ns() > 0).orElse(load);
    shape.put("latency-p50-ns", seen.latencyP50Ns());
    shape.put("latency-p99-ns", seen.latencyP99Ns());
    shape.set("qos", Json.tree(assignment.terms().rate()));
    return shape;
  }
}
