package farslot.bench.many;

import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.bench.figures.Figure;
import farslot.bench.figures.Rounded;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.JsonNode;

/**
 * A manager with 1,000 functions, all assigned, and 256 initiators that keep their leases: how long
 * it takes to answer, to attach and to move, and what it needs. Requests come over HTTPS on
 * loopback from an operator with a certificate; so do the reports of all agents, from this process.
 */
final class ManagerApi implements Measurement {
  private static final int APPLIANCES = 4;
  private static final int FUNCTIONS_EACH = 250;
  private static final int FUNCTIONS = APPLIANCES * FUNCTIONS_EACH;
  private static final int SERVERS = 256;

  /** Operators, or programs of theirs, that attach at the same time. */
  private static final int AT_ONCE = 8;

  /** Functions that are detached and attached again in each round. */
  private static final int CHANGED = 200;

  private static final int MOVES = 50;
  private static final long HIGHEST_NS = 120_000_000_000L;
  private static final double MS = 1e6;
  private static final double MIB = 1 << 20;
  private static final Map<String, String> WAIT = Map.of("wait", "60s");

  private enum Key {
    CALL_P50("call_p50_ms", "a look at one thing, median, ms", 0),
    CALL_P99("call_p99_ms", "a look at one thing, p99, ms", 50),
    LIST_P50("list_p50_ms", "a list of all functions, median, ms", 0),
    LIST_P99("list_p99_ms", "a list of all functions, p99, ms", 250),
    ATTACH_P50("attach_p50_ms", "attach until attached, 8 at a time, median, ms", 0),
    ATTACH_P99("attach_p99_ms", "attach until attached, 8 at a time, p99, ms", 500),
    MOVE_P50("move_p50_ms", "move until attached, one by one, median, ms", 0),
    MOVE_P99("move_p99_ms", "move until attached, one by one, p99, ms", 500),
    HEAP("heap_mib", "heap of the manager, its 522 TLS connections included, MiB", 128);

    final String key;
    final String words;
    final Figure.Goal goal;

    Key(String key, String words, double most) {
      this.key = "manager_api_" + key;
      this.words = "manager of 1000 assignments, 256 initiators: " + words;
      this.goal = most > 0 ? Figure.Goal.atMost(most) : Figure.Goal.NONE;
    }

    Figure figure(Rounded rounds) {
      return new Figure(key, words, rounds, goal, "");
    }
  }

  /** Something that is asked. */
  private interface Request {
    void send(int index) throws Exception;
  }

  private final Map<Key, Rounded> found = new EnumMap<>(Key.class);

  ManagerApi() {
    for (Key key : Key.values()) {
      found.put(key, new Rounded());
    }
  }

  @Override
  public List<Figure> asked() {
    List<Figure> figures = new ArrayList<>();
    found.forEach((key, rounds) -> figures.add(key.figure(rounds)));
    return figures;
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    Path dir = Files.createTempDirectory("farslot-manager");
    try (ManagedFabric fabric = new ManagedFabric(dir, APPLIANCES, FUNCTIONS_EACH, SERVERS)) {
      attach(fabric, FUNCTIONS); // What this runs has been compiled after it, more or less.
      looks(fabric, setup.windowNs());
      for (int round = 0; round < Setup.ROUNDS; round++) {
        detach(fabric, CHANGED);
        add(Key.ATTACH_P50, Key.ATTACH_P99, attach(fabric, CHANGED));
        add(Key.CALL_P50, Key.CALL_P99, looks(fabric, setup.windowNs()));
        add(Key.LIST_P50, Key.LIST_P99, lists(fabric, setup.windowNs()));
        add(Key.MOVE_P50, Key.MOVE_P99, moves(fabric));
      }
      long with = heapBytes();
      fabric.endManager();
      found.get(Key.HEAP).add((with - heapBytes()) / MIB);
    } finally {
      Folders.delete(dir);
    }
    return asked();
  }

  private void add(Key p50, Key p99, Histogram took) {
    found.get(p50).add(took.getValueAtPercentile(50) / MS);
    found.get(p99).add(took.getValueAtPercentile(99) / MS);
  }

  private static String at(ManagedFabric fabric, int index) {
    return "/api/v1/functions/" + fabric.function(index);
  }

  private static Histogram attach(ManagedFabric fabric, int count) throws Exception {
    return together(
        count,
        index ->
            fabric.client().post(at(fabric, index) + "/attach", WAIT, place(fabric.server(index))));
  }

  private static JsonNode place(String server) {
    return Json.object().put("server", server).put("guest", SimulatedAgents.GUEST);
  }

  private static void detach(ManagedFabric fabric, int count) throws Exception {
    together(
        count, index -> fabric.client().post(at(fabric, index) + "/detach", WAIT, Json.object()));
  }

  /** Sends a request for each of the first functions, some at the same time. */
  private static Histogram together(int count, Request request) throws Exception {
    Histogram took = new ConcurrentHistogram(HIGHEST_NS, 3);
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        all.add(
            threads.submit(
                () -> {
                  for (int at = next.getAndIncrement(); at < count; at = next.getAndIncrement()) {
                    took.recordValue(timed(request, at));
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    return took;
  }

  private static long timed(Request request, int index) throws Exception {
    long begin = System.nanoTime();
    request.send(index);
    return System.nanoTime() - begin;
  }

  private static Histogram looks(ManagedFabric fabric, long forNs) throws Exception {
    ApiClient client = fabric.client();
    return during(
        forNs,
        index -> {
          switch (index % 3) {
            case 0 -> client.get(at(fabric, index));
            case 1 -> client.get("/api/v1/assignments/" + fabric.function(index));
            default -> client.get("/api/v1/servers/" + fabric.server(index));
          }
        });
  }

  private static Histogram lists(ManagedFabric fabric, long forNs) throws Exception {
    return during(forNs, index -> fabric.client().get("/api/v1/functions"));
  }

  /** One request after the other for a time. */
  private static Histogram during(long forNs, Request request) throws Exception {
    Histogram took = new Histogram(HIGHEST_NS, 3);
    long end = System.nanoTime() + forNs;
    for (int i = 0; System.nanoTime() - end < 0; i++) {
      took.recordValue(timed(request, i));
    }
    return took;
  }

  private static Histogram moves(ManagedFabric fabric) throws Exception {
    Histogram took = new Histogram(HIGHEST_NS, 3);
    for (int i = 0; i < MOVES; i++) {
      String elsewhere = fabric.server(i + SERVERS / 2);
      took.recordValue(
          timed(
              index -> fabric.client().post(at(fabric, index) + "/move", WAIT, place(elsewhere)),
              i));
    }
    return took;
  }

  private static long heapBytes() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
