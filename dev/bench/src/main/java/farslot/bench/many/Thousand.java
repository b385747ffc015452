package farslot.bench.many;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Rounded;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * An appliance with a thousand functions, all attached by 64 servers, in this process: what each
 * takes, how long attaching takes, and how much slower one function is that is busy among them than
 * alone. Rounds alone and rounds among the others take turns.
 */
final class Thousand implements Measurement {
  private static final int FUNCTIONS = 1_000;
  private static final int SERVERS = 64;
  private static final int DEPTH = 32;
  private static final long WARM_UP_NS = 1_500_000_000L;
  private static final long HIGHEST_NS = 60_000_000_000L;
  private static final int DIGITS = 3;
  private static final double MS = 1e6;
  private static final double KIB = 1024;
  private static final long PAGE_BYTES = 4096;

  private enum Key {
    HEAP("heap_kib", "heap for a function, both ends together, KiB", 64),
    MEMORY("memory_kib", "all memory (RSS) for a function, both ends together, KiB", 0),
    THREADS("threads", "threads of the appliance for a function", 0),
    ATTACH_P50("attach_p50_ms", "from a server's start to its function, median, ms", 0),
    ATTACH_P99("attach_p99_ms", "from a server's start to its function, p99, ms", 20),
    ALL_AT_ONCE("at_once_ms", "all servers start at once: until the last function, ms", 0),
    SLOWDOWN_1("slowdown_qd1", "reads of one busy function, depth 1: alone over among all", 1.1),
    SLOWDOWN_32("slowdown_qd32", "the same, depth 32", 1.1);

    final String key;
    final String words;
    final Figure.Goal goal;

    Key(String key, String words, double most) {
      this.key = "functions_1000_" + key;
      this.words = FUNCTIONS + " functions: " + words;
      this.goal = most > 0 ? Figure.Goal.atMost(most) : Figure.Goal.NONE;
    }

    Figure figure(Rounded rounds) {
      return new Figure(key, words, rounds, goal, "");
    }
  }

  private final Map<Key, Rounded> found = new EnumMap<>(Key.class);

  Thousand() {
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
    Path dir = Files.createTempDirectory("farslot-thousand");
    try (Fleet alone = new Fleet(dir, 1, 1, setup.spinUs())) {
      alone.attach(ns -> {});
      alone.drive();
      warmUp(dir, alone, setup);
      for (int round = 0; round < Setup.ROUNDS; round++) {
        round(dir, alone, setup);
      }
    } finally {
      Folders.delete(dir);
    }
    return asked();
  }

  /** What attaching and reading run has been compiled after this, more or less. */
  private static void warmUp(Path dir, Fleet alone, Setup setup) throws Exception {
    alone.read(1, WARM_UP_NS);
    alone.read(DEPTH, WARM_UP_NS);
    try (Fleet all = new Fleet(dir, FUNCTIONS, SERVERS, setup.spinUs())) {
      all.attach(ns -> {});
      all.drive();
      all.read(1, WARM_UP_NS);
      all.read(DEPTH, WARM_UP_NS);
    }
  }

  private void round(Path dir, Fleet alone, Setup setup) throws Exception {
    long windowNs = setup.windowNs() / Setup.ROUNDS;
    double[] before = perSecond(alone, windowNs);
    Used used = Used.now();
    Histogram attach = new ConcurrentHistogram(HIGHEST_NS, DIGITS);
    try (Fleet all = new Fleet(dir, FUNCTIONS, SERVERS, setup.spinUs())) {
      int threads = threads();
      all.attach(attach::recordValue);
      found.get(Key.THREADS).add((double) (threads() - threads - (SERVERS - 1)) / FUNCTIONS);
      Used then = Used.now();
      found.get(Key.HEAP).add((then.heapBytes - used.heapBytes) / KIB / FUNCTIONS);
      found.get(Key.MEMORY).add((then.residentBytes - used.residentBytes) / KIB / FUNCTIONS);
      all.drive();
      double[] among = perSecond(all, windowNs);
      all.detach();
      long begin = System.nanoTime();
      all.attachAtOnce();
      found.get(Key.ALL_AT_ONCE).add((System.nanoTime() - begin) / MS);
      all.detach();
      double[] after = perSecond(alone, windowNs);
      found.get(Key.SLOWDOWN_1).add((before[0] + after[0]) / 2 / among[0]);
      found.get(Key.SLOWDOWN_32).add((before[1] + after[1]) / 2 / among[1]);
    }
    found.get(Key.ATTACH_P50).add(attach.getValueAtPercentile(50) / MS);
    found.get(Key.ATTACH_P99).add(attach.getValueAtPercentile(99) / MS);
  }

  /** Reads a second at depth 1 and at more. */
  private static double[] perSecond(Fleet fleet, long windowNs)
      throws InterruptedException, TimeoutException {
    return new double[] {
      fleet.read(1, windowNs).perSecond(), fleet.read(DEPTH, windowNs).perSecond()
    };
  }

  private static int threads() throws IOException {
    return ProcessTimes.of(ProcessHandle.current().pid()).threads();
  }

  /** Memory that this process uses. */
  private record Used(long heapBytes, long residentBytes) {
    private static final int COLLECTIONS = 2;
    private static final long CLEANING_MS = 200;

    static Used now() throws IOException, InterruptedException {
      for (int i = 0; i < COLLECTIONS; i++) {
        System.gc();
        // What collected objects held outside of the heap is given back by another thread.
        TimeUnit.MILLISECONDS.sleep(CLEANING_MS);
      }
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      String pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[1];
      return new Used(heap, Long.parseLong(pages) * PAGE_BYTES);
    }
  }
}
