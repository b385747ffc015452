package farslot.api.client;

import farslot.api.ApiException;
import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.api.agent.AgentKind;
import farslot.api.agent.ApplianceOrders;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.ManagerPort;
import farslot.api.agent.Orders;
import farslot.api.agent.Report;
import farslot.control.ControlClient;
import farslot.pki.PeerName;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import farslot.pki.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** How an agent speaks with a manager in another process, by the API. */
public final class AgentPort implements ManagerPort {
  private final ApiTransport transport;

  public AgentPort(ApiTransport transport) {
    this.transport = transport;
  }

  /**
   * The way that a configuration names.
   *
   * @param manager the path of a control socket or of a directory with one, or HOST, HOST:PORT
   * @param pki where key and certificate are, for all but control sockets
   * @throws PkiException when they cannot be used
   * @throws IllegalArgumentException with what is wrong, in words
   */
  public static AgentPort open(String manager, Optional<Path> pki) throws PkiException {
    if (manager.startsWith("/") || manager.startsWith("./") || manager.startsWith("../")) {
      Path path = Path.of(manager);
      Path socket = Files.isDirectory(path) ? path.resolve(ControlClient.SOCKET) : path;
      return new AgentPort(new ControlTransport(socket));
    }
    ManagerAddress address = ManagerAddress.of(manager);
    if (pki.isEmpty()) {
      throw new IllegalArgumentException(
          "the manager at %s takes nobody without a certificate: name the directory that 'farslot join' made with 'pki:'"
              .formatted(address));
    }
    InstantSource clock = InstantSource.system();
    Tls tls = Tls.open(new PkiDirectory(pki.get()), Set.of(PeerName.Kind.MANAGER), clock);
    return new AgentPort(new HttpsTransport(address, tls, clock));
  }

  @Override
  public Orders report(Report report, long obeyedRevision)
      throws ApiException, IOException, InterruptedException {
    String path = path(report.kind(), report.name()) + "/report";
    return orders(report.kind(), ask("POST", path, seen(obeyedRevision), Json.tree(report)));
  }

  @Override
  public Orders await(AgentKind kind, String name, long seenRevision, Duration atMost)
      throws ApiException, IOException, InterruptedException {
    Map<String, String> query =
        Map.of("seen", String.valueOf(seenRevision), "wait", atMost.toSeconds() + "s");
    String path = path(kind, name) + "/orders";
    return orders(kind, ask("GET", path, query, MissingNode.getInstance()));
  }

  private static Map<String, String> seen(long revision) {
    return revision == 0 ? Map.of() : Map.of("seen", String.valueOf(revision));
  }

  private JsonNode ask(String method, String path, Map<String, String> query, JsonNode body)
      throws ApiException, IOException, InterruptedException {
    ApiResponse response = transport.call(method, path, query, body);
    if (response.isError()) {
      throw ApiException.of(response);
    }
    return response.body();
  }

  private static String path(AgentKind kind, String name) {
    return "/api/v1/agents/" + kind.word() + "/" + name;
  }

  private static Orders orders(AgentKind kind, JsonNode body) throws ApiException {
    return switch (kind) {
      case APPLIANCE -> Json.readTolerantly(body, ApplianceOrders.class);
      case INITIATOR -> Json.readTolerantly(body, InitiatorOrders.class);
    };
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
