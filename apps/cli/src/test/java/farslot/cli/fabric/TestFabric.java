package farslot.cli.fabric;

import farslot.api.ApiCommand;
import farslot.api.agent.Agent;
import farslot.api.agent.AgentKind;
import farslot.api.agent.AgentLoop;
import farslot.api.agent.AgentTimes;
import farslot.api.client.ApiClient;
import farslot.api.client.ControlTransport;
import farslot.control.ControlServer;
import farslot.manager.engine.Manager;
import farslot.manager.engine.ManagerOptions;
import farslot.manager.engine.Part;
import farslot.store.file.FileStateStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A manager with its threads and its control socket, two servers and an appliance that are not
 * real.
 */
final class TestFabric {
  private static final long GIB = 1L << 30;
  private static final AgentTimes TIMES =
      new AgentTimes(
          Duration.ofMillis(50),
          Duration.ofMillis(1),
          Duration.ofSeconds(5),
          Duration.ofMillis(5),
          Duration.ofMillis(50));

  final FakeRack rack =
      new FakeRack("rack1")
          .drive("disk0", 10 * GIB)
          .drive("disk1", 1536 * GIB)
          .nic("nic0", "52:54:00:00:00:01");
  final FakeServer serverA = new FakeServer("server-a", rack, "vm1");
  final FakeServer serverB = new FakeServer("server-b", rack, "vm2");
  private final List<AgentLoop> loops = new ArrayList<>();
  private final Path socket;
  private final FileStateStore store;
  private final Manager manager;
  private final ControlServer control;

  TestFabric(Path dir, List<Part> parts) throws Exception {
    Files.createDirectories(dir.resolve("run"));
    socket = dir.resolve("run").resolve("control.sock");
    store = FileStateStore.open(dir.resolve("store"));
    manager = new Manager(store, ManagerOptions.DEFAULT, parts);
    manager.start();
    control = new ControlServer(socket, Map.of(ApiCommand.NAME, new ApiCommand(manager.api())));
    loop(dir, AgentKind.APPLIANCE, "rack1", rack);
    loop(dir, AgentKind.INITIATOR, "server-a", serverA);
    loop(dir, AgentKind.INITIATOR, "server-b", serverB);
    try (ApiClient client = client()) {
      await(() -> Items.of(client.get(Kind.FUNCTION.path())).size() == 3);
      await(() -> Items.of(client.get(Kind.SERVER.path())).size() == 2);
    }
  }

  /** Something that becomes true. */
  interface Truth {
    boolean is() throws Exception;
  }

  static void await(Truth truth) throws Exception {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!truth.is()) {
      if (System.nanoTime() - endNs > 0) {
        throw new AssertionError("it does not become so");
      }
      Thread.sleep(5);
    }
  }

  private void loop(Path dir, AgentKind kind, String name, Agent agent) throws Exception {
    AgentLoop loop =
        new AgentLoop(kind, name, manager.port(), agent, dir.resolve(name + ".orders"), TIMES);
    loop.start();
    loops.add(loop);
  }

  /** One agent falls silent for good. */
  void dies(int which) {
    loops.get(which).close();
  }

  ApiClient client() {
    return new ApiClient(new ControlTransport(socket));
  }

  Path socket() {
    return socket;
  }

  void close() throws Exception {
    control.close();
    loops.forEach(AgentLoop::close);
    manager.close();
    store.close();
  }
}
