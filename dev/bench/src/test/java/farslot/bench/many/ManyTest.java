package farslot.bench.many;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not grow with the number of functions, and what may, by how much at most. */
class ManyTest {
  private static final int SERVERS = 10;
  private static final int FEW = 10;
  private static final int MANY = 260;

  /**
   * Sleeps, not looks: how often a loop looks after it has been woken is a matter of the machine.
   * With a heartbeat each 500 ms in each direction there are a dozen at most. A loop that is always
   * woken before it sleeps has none at all.
   */
  private static final long SLEEPS_PER_SECOND_MAX = 50;

  /** Both ends together; generous, what it should be is the benchmark's matter. */
  private static final long HEAP_BYTES_MAX = 128 << 10;

  @TempDir Path dir;

  @Test
  void threadsDoNotGrowWithFunctions() throws Exception {
    List<String> few = threads(FEW);
    assertThat(few).contains("appliance", "initiator");
    assertThat(threads(MANY)).isEqualTo(few);
  }

  private List<String> threads(int functions) throws Exception {
    try (Fleet fleet = new Fleet(dir, functions, SERVERS, 100)) {
      fleet.attach(ns -> {});
      fleet.drive();
      fleet.read(1, 10_000_000);
      return Thread.getAllStackTraces().keySet().stream()
          .map(Thread::getName)
          // The carriers of virtual threads come and go.
          .filter(name -> !name.startsWith("ForkJoinPool") && !name.startsWith("VirtualThread"))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  @Test
  void nothingTicksForAnIdleFunction() throws Exception {
    try (Fleet fleet = new Fleet(dir, MANY / SERVERS, 1, 100)) {
      fleet.attach(ns -> {});
      fleet.drive();
      fleet.read(1, 10_000_000);
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 5 && least > SLEEPS_PER_SECOND_MAX; round++) {
        long beganNs = System.nanoTime();
        long before = fleet.sleeps();
        Thread.sleep(1_000);
        long sleeps = fleet.sleeps() - before;
        least = Math.min(least, sleeps * 1_000_000_000L / (System.nanoTime() - beganNs));
      }
      assertThat(least).as("sleeps a second").isBetween(1L, SLEEPS_PER_SECOND_MAX);
    }
  }

  @Test
  void anAttachedFunctionTakesLittleHeap() throws Exception {
    try (Fleet warm = new Fleet(dir, FEW, SERVERS, 100)) {
      warm.attach(ns -> {});
    }
    long before = heapBytes();
    try (Fleet fleet = new Fleet(dir, MANY, SERVERS, 100)) {
      fleet.attach(ns -> {});
      assertThat((heapBytes() - before) / MANY)
          .as("bytes for a function")
          .isLessThan(HEAP_BYTES_MAX);
    }
  }

  /** What is reachable; whatever else the collector finds too late only makes it more. */
  private static long heapBytes() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
      long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      least = Math.min(least, now);
    }
    return least;
  }
}
