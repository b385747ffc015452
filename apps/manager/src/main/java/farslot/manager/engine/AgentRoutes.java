package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.api.Role;
import farslot.api.Router;
import farslot.api.agent.AgentKind;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.InitiatorReport;
import farslot.api.agent.ManagerPort;
import farslot.api.agent.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** How agents in other processes speak with the manager. */
final class AgentRoutes {
  private static final Duration WAIT_MAX = Duration.ofSeconds(60);

  private final ManagerPort port;

  AgentRoutes(Manager manager) {
    port = manager.port();
  }

  void add(Router router) {
    // Certificates of agents say who they are; roles are for people.
    router.on("POST", "/api/v1/agents/{kind}/{name}/report", Role.NONE, this::report);
    router.on("GET", "/api/v1/agents/{kind}/{name}/orders", Role.NONE, this::orders);
  }

  private ApiResponse report(ApiRequest request, Map<String, String> parts)
      throws ApiException, InterruptedException {
    AgentKind kind = agent(request, parts);
    Report report =
        switch (kind) {
          case APPLIANCE -> Json.readTolerantly(request.body(), ApplianceReport.class);
          case INITIATOR -> Json.readTolerantly(request.body(), InitiatorReport.class);
        };
    if (!parts.get("name").equals(report.name())) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          "the report is refused",
          "it is of '%s', sent as '%s'".formatted(report.name(), parts.get("name")),
          "");
    }
    try {
      return ApiResponse.ok(Json.tree(port.report(report, Queries.number(request, "seen", 0))));
    } catch (IOException e) {
      throw new AssertionError(e); // In this process.
    }
  }

  private ApiResponse orders(ApiRequest request, Map<String, String> parts)
      throws ApiException, InterruptedException {
    AgentKind kind = agent(request, parts);
    long seen = Queries.number(request, "seen", 0);
    Duration wait = Queries.time(request, "wait", WAIT_MAX);
    try {
      return ApiResponse.ok(Json.tree(port.await(kind, parts.get("name"), seen, wait)));
    } catch (IOException e) {
      throw new AssertionError(e); // In this process.
    }
  }

  private static AgentKind agent(ApiRequest request, Map<String, String> parts)
      throws ApiException {
    String word = parts.get("kind");
    for (AgentKind kind : AgentKind.values()) {
      if (kind.word().equals(word)) {
        if (request.caller().isAgent(kind.caller(), parts.get("name"))) {
          return kind;
        }
        throw new ApiException(
            ApiError.FORBIDDEN,
            "the request is refused",
            "'%s' is not %s '%s'".formatted(request.caller().name(), word, parts.get("name")),
            "farslot join, with a token for that name");
      }
    }
    throw new ApiException(
        ApiError.NOT_FOUND, "there are no agents of kind '" + word + "'", "", "");
  }
}
