package farslot.bench.many;

import farslot.api.ApiRequest;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.agent.Agent;
import farslot.api.agent.AgentKind;
import farslot.api.agent.AgentLoop;
import farslot.api.agent.AgentTimes;
import farslot.api.client.AgentPort;
import farslot.api.client.ApiClient;
import farslot.api.client.HttpsTransport;
import farslot.api.client.Joining;
import farslot.api.client.ManagerAddress;
import farslot.manager.http.HostOptions;
import farslot.manager.http.ManagerHost;
import farslot.manager.profiles.Profiles;
import farslot.pki.JoinToken;
import farslot.pki.PeerName.Kind;
import farslot.pki.PkiDirectory;
import farslot.pki.Tls;
import farslot.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.node.ObjectNode;

/**
 * A manager with its store on disk and its API over HTTPS, and simulated appliances and initiators
 * that have joined it, each with its own certificate and its own two connections over loopback.
 */
final class ManagedFabric implements AutoCloseable {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final long WAIT_SECONDS = 120;
  private static final long LOOK_MS = 20;

  private final Path dir;
  private final int appliances;
  private final int functionsEach;
  private final int servers;
  private final List<AgentLoop> loops = new ArrayList<>();
  private final ManagerAddress address;
  private final ApiClient client;
  private ManagerHost host;

  ManagedFabric(Path parent, int appliances, int functionsEach, int servers) throws Exception {
    dir = Files.createTempDirectory(parent, "fabric");
    this.appliances = appliances;
    this.functionsEach = functionsEach;
    this.servers = servers;
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HostOptions options = HostOptions.of(dir.resolve("manager"), "bench", Optional.of(any));
    host = ManagerHost.open(options, List.of(new Profiles()));
    address = new ManagerAddress("127.0.0.1", host.address().orElseThrow().getPort());
    client = new ApiClient(join(Kind.USER, "bench"));
    for (int i = 0; i < appliances; i++) {
      String name = appliance(i);
      Agent agent = new SimulatedAgents.Appliance(name, functionsEach);
      begin(AgentKind.APPLIANCE, join(Kind.APPLIANCE, name), name, agent);
    }
    for (int i = 0; i < servers; i++) {
      Agent agent = new SimulatedAgents.Initiator(server(i));
      begin(AgentKind.INITIATOR, join(Kind.INITIATOR, server(i)), server(i), agent);
    }
    await("functions", appliances * functionsEach);
    await("servers", servers);
  }

  private static String appliance(int index) {
    return "rack" + index;
  }

  String server(int index) {
    return "server" + index % servers;
  }

  /** A function's path, one appliance after the other. */
  String function(int index) {
    return appliance(index % appliances)
        + "/"
        + SimulatedAgents.Appliance.function(index / appliances % functionsEach);
  }

  private HttpsTransport join(Kind kind, String name) throws Exception {
    ObjectNode wanted = Json.object().put("kind", kind.word()).put("name", name).put("tenant", "");
    if (kind == Kind.USER) {
      wanted.put("role", "operator");
    }
    String token =
        host.api()
            .handle(new ApiRequest("POST", "/api/v1/tokens", Map.of(), wanted, Caller.LOCAL))
            .body()
            .path("token")
            .asString();
    PkiDirectory directory = new PkiDirectory(dir.resolve("pki-" + kind.word() + "-" + name));
    Joining.join(address, JoinToken.of(token), directory, List.of(), CLOCK);
    return new HttpsTransport(address, Tls.open(directory, Set.of(Kind.MANAGER), CLOCK), CLOCK);
  }

  private void begin(AgentKind kind, HttpsTransport way, String name, Agent agent)
      throws Exception {
    Path orders = dir.resolve("orders-" + kind.word() + "-" + name);
    AgentLoop loop = new AgentLoop(kind, name, new AgentPort(way), agent, orders, AgentTimes.USUAL);
    loops.add(loop);
    loop.start();
  }

  private void await(String what, int count) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (client.get("/api/v1/" + what).path("items").size() < count) {
      if (System.nanoTime() - end > 0) {
        throw new TimeoutException("the manager does not know " + count + " " + what);
      }
      Thread.sleep(LOOK_MS);
    }
  }

  /** An operator, with a certificate, over HTTPS. */
  ApiClient client() {
    return client;
  }

  /** Ends the manager alone: what is left is the agents'. */
  void endManager() throws StoreException {
    if (host != null) {
      host.close();
      host = null;
    }
  }

  @Override
  public void close() throws IOException, StoreException {
    loops.parallelStream().forEach(AgentLoop::close);
    client.close();
    endManager();
    Folders.delete(dir);
  }
}
