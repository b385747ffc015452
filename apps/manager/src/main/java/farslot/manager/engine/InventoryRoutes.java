package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.Router;
import farslot.manager.model.ApplianceDocument;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.ServerDocument;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What there is: appliances, functions, servers, guests, assignments; all of them, or one. */
final class InventoryRoutes {
  private final Engine engine;

  InventoryRoutes(Manager manager) {
    engine = manager.engine();
  }

  void add(Router router) {
    router
        .get("/api/v1/appliances", (request, _) -> list(view -> appliances(view, request)))
        .get("/api/v1/appliances/{name}", this::appliance)
        .get("/api/v1/functions", (request, _) -> list(view -> functions(view, request)))
        .get("/api/v1/functions/{appliance}/{name}", this::function)
        .get("/api/v1/servers", (request, _) -> list(view -> servers(view, request.caller())))
        .get("/api/v1/servers/{name}", this::server)
        .get("/api/v1/guests", (request, _) -> list(view -> guests(view, request.caller())))
        .get("/api/v1/guests/{server}/{name}", this::guest)
        .get("/api/v1/assignments", (request, _) -> list(view -> assignments(view, request)))
        .get("/api/v1/assignments/{appliance}/{name}", this::assignment);
  }

  private ApiResponse list(Function<View, List<ObjectNode>> question) {
    return engine.look(
        view -> {
          ObjectNode body = Json.object().put("revision", view.fabric().revision());
          ArrayNode items = body.putArray("items");
          question.apply(view).forEach(items::add);
          return ApiResponse.ok(body);
        });
  }

  private ApiResponse one(Engine.Question<JsonNode> question) throws ApiException {
    return ApiResponse.ok(engine.ask(question));
  }

  private static Stream<Held<ApplianceDocument>> seenAppliances(View view, Caller caller) {
    return view.fabric().all(ApplianceDocument.class).values().stream()
        .filter(each -> Sight.appliance(view, caller, each.document().name()));
  }

  private static List<ObjectNode> appliances(View view, ApiRequest request) {
    return seenAppliances(view, request.caller())
        .map(each -> Shapes.appliance(view, each))
        .toList();
  }

  private ApiResponse appliance(ApiRequest request, Map<String, String> parts) throws ApiException {
    return one(
        view ->
            Shapes.appliance(
                view,
                seenAppliances(view, request.caller())
                    .filter(each -> each.document().name().equals(parts.get("name")))
                    .findFirst()
                    .orElseThrow(() -> none("appliance", parts.get("name")))));
  }

  private static List<ObjectNode> functions(View view, ApiRequest request) {
    String appliance = request.query("appliance");
    String state = request.query("state");
    var functions =
        appliance.isEmpty()
            ? view.fabric().all(FunctionDocument.class)
            : view.fabric().of(Paths.function(appliance + "/"), FunctionDocument.class);
    return functions.values().stream()
        .filter(each -> request.caller().sees(each.document().tenant()))
        .filter(each -> state.isEmpty() || state.equals(Shapes.state(view, each.document().path())))
        .map(each -> function(view, request.caller(), each))
        .toList();
  }

  private static ObjectNode function(View view, Caller caller, Held<FunctionDocument> held) {
    boolean hidden =
        view.fabric()
            .assignment(held.document().path())
            .filter(each -> !Sight.assignment(view, caller, each.document()))
            .isPresent();
    return Shapes.function(view, held, hidden);
  }

  private ApiResponse function(ApiRequest request, Map<String, String> parts) throws ApiException {
    String path = parts.get("appliance") + "/" + parts.get("name");
    Caller caller = request.caller();
    return one(view -> function(view, caller, Sight.requireFunction(view, caller, path)));
  }

  private static Stream<Held<ServerDocument>> seenServers(View view, Caller caller) {
    return view.fabric().all(ServerDocument.class).values().stream()
        .filter(each -> Sight.server(view, caller, each.document().name()));
  }

  private static List<ObjectNode> servers(View view, Caller caller) {
    return seenServers(view, caller).map(each -> Shapes.server(view, each)).toList();
  }

  private ApiResponse server(ApiRequest request, Map<String, String> parts) throws ApiException {
    return one(
        view ->
            Shapes.server(
                view, Sight.requireServer(view, request.caller(), parts.get("name"), "")));
  }

  private static List<ObjectNode> guests(View view, Caller caller) {
    return seenServers(view, caller)
        .flatMap(
            each -> each.document().guests().stream().map(name -> Shapes.guest(view, each, name)))
        .toList();
  }

  private ApiResponse guest(ApiRequest request, Map<String, String> parts) throws ApiException {
    String name = parts.get("name");
    return one(
        view ->
            Shapes.guest(
                view,
                Sight.requireServer(view, request.caller(), parts.get("server"), name),
                name));
  }

  private static List<ObjectNode> assignments(View view, ApiRequest request) {
    String server = request.query("server");
    String appliance = request.query("appliance");
    return view.fabric().all(AssignmentDocument.class).values().stream()
        .filter(each -> server.isEmpty() || each.document().server().equals(server))
        .filter(
            each -> appliance.isEmpty() || each.document().function().startsWith(appliance + "/"))
        .filter(each -> Sight.assignment(view, request.caller(), each.document()))
        .map(each -> Shapes.assignment(view, each))
        .toList();
  }

  private ApiResponse assignment(ApiRequest request, Map<String, String> parts)
      throws ApiException {
    String path = parts.get("appliance") + "/" + parts.get("name");
    return one(
        view -> {
          Sight.requireFunction(view, request.caller(), path);
          return Shapes.assignment(
              view,
              view.fabric()
                  .assignment(path)
                  .filter(each -> Sight.assignment(view, request.caller(), each.document()))
                  .orElseThrow(() -> none("assignment", path)));
        });
  }

  private static ApiException none(String kind, String name) {
    return new ApiException(
        ApiError.NOT_FOUND, "there is no %s '%s'".formatted(kind, name), "", "farslot list");
  }
}
