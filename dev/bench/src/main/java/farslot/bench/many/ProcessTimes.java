package farslot.bench.many;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a process's threads have used of the processors so far, as the kernel counts it (proc(5)).
 */
final class ProcessTimes {
  private static final String SWITCHES = "voluntary_ctxt_switches:";

  /**
   * One thread.
   *
   * @param wakeUps how often it went to sleep and came back
   */
  private record Thread(String name, long runNs, long wakeUps) {}

  private final Map<Path, Thread> threads = new HashMap<>();

  private ProcessTimes() {}

  /** Reads it now. */
  static ProcessTimes of(long pid) throws IOException {
    ProcessTimes times = new ProcessTimes();
    List<Path> tasks;
    try (Stream<Path> listed = Files.list(Path.of("/proc/" + pid + "/task"))) {
      tasks = listed.toList();
    }
    for (Path task : tasks) {
      try {
        times.threads.put(task, read(task));
      } catch (NoSuchFileException e) {
        // It has just ended.
      }
    }
    return times;
  }

  private static Thread read(Path task) throws IOException {
    String name = Files.readString(task.resolve("comm")).strip();
    long runNs = Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
    long wakeUps = 0;
    for (String line : Files.readAllLines(task.resolve("status"))) {
      if (line.startsWith(SWITCHES)) {
        wakeUps = Long.parseLong(line.substring(SWITCHES.length()).strip());
      }
    }
    return new Thread(name, runNs, wakeUps);
  }

  int threads() {
    return threads.size();
  }

  /** Processor time since {@code before}, nanoseconds. Of threads that ended since, nothing. */
  long runNsSince(ProcessTimes before, String name) {
    long sum = 0;
    for (Map.Entry<Path, Thread> each : threads.entrySet()) {
      if (name.isEmpty() || each.getValue().name.equals(name)) {
        Thread old = before.threads.get(each.getKey());
        sum += each.getValue().runNs - (old == null ? 0 : old.runNs);
      }
    }
    return sum;
  }

  /** Wake-ups since {@code before}. */
  long wakeUpsSince(ProcessTimes before) {
    long sum = 0;
    for (Map.Entry<Path, Thread> each : threads.entrySet()) {
      Thread old = before.threads.get(each.getKey());
      sum += each.getValue().wakeUps - (old == null ? 0 : old.wakeUps);
    }
    return sum;
  }
}
