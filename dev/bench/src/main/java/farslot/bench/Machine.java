package farslot.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where and when something was measured: figures mean little without.
 *
 * @param processor its model's name
 * @param processors how many this process may use
 * @param memoryBytes of the machine; 0 if not known
 * @param kernel name and version
 * @param java the virtual machine
 * @param load average of the last minute before the run began
 * @param begun when the run began
 */
public record Machine(
    String processor,
    int processors,
    long memoryBytes,
    String kernel,
    String java,
    double load,
    Instant begun) {

  static Machine now() {
    return new Machine(
        field("/proc/cpuinfo", "model name"),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        loadNow(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  /** Average of the last minute, now. */
  static double loadNow() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static long memory() {
    String kib = field("/proc/meminfo", "MemTotal").replaceAll("\\D", "");
    return kib.isEmpty() ? 0 : Long.parseLong(kib) << 10;
  }

  private static String field(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  /** Names and values for people. */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processor", processor.isEmpty() ? "unknown" : processor);
    facts.put("processors", Integer.toString(processors));
    facts.put("memory", memoryBytes == 0 ? "unknown" : (memoryBytes >> 20) + " MiB");
    facts.put("kernel", kernel);
    facts.put("java", java);
    facts.put("load before", String.format(Locale.ROOT, "%.2f", load));
    facts.put("begun", begun.toString());
    return facts;
  }
}
