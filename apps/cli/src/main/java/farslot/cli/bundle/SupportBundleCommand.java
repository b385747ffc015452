package farslot.cli.bundle;

import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.cli.fabric.ManagerOption;
import farslot.cli.output.ExitCode;
import farslot.cli.output.OutputOption;
import farslot.cli.output.Progress;
import farslot.cli.output.Terminal;
import farslot.control.ControlClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Puts together what somebody who helps wants to see. */
@Command(
    name = "support-bundle",
    description = {
      "Collect what somebody who helps wants to see in one .tar.gz file, and say what is in it.",
      "Versions, the fabric's status, what there is, events, the audit log if you may see it; of each "
          + "process on this machine its status and threads; configuration files that are named. Passwords, "
          + "tokens and keys are removed. What cannot be had is said inside, and is no failure."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot support-bundle",
      "  farslot support-bundle --config /etc/farslot/up.yaml --to /tmp/farslot.tar.gz",
      "  farslot support-bundle --from /run/farslot        # a process without a manager, too"
    })
public final class SupportBundleCommand implements Callable<Integer> {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'farslot-'yyyyMMdd-HHmmss'.tar.gz'").withZone(ZoneOffset.UTC);
  private static final long CONFIG_BYTES_MAX = 1 << 20;

  /** What the manager is asked, and what the answer is called. */
  private static final List<String> ASKED =
      List.of(
          "status",
          "appliances",
          "functions",
          "servers",
          "guests",
          "assignments",
          "profiles",
          "pools",
          "templates",
          "identities",
          "events?limit=1000",
          "top",
          "whoami",
          "certificates",
          "audit");

  @Mixin private ManagerOption manager;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Where to (default: here, by the time).")
  private Path to;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A configuration file to put in, without its secrets. Repeatable.")
  private List<Path> configs = List.of();

  @Option(
      names = "--from",
      paramLabel = "PROCESS",
      description = "A process to put in, by its control socket or directory. Repeatable.")
  private List<Path> processes = List.of();

  private final String version;
  private final Map<String, String> files = new LinkedHashMap<>();
  private final Map<String, String> missing = new LinkedHashMap<>();
  private int asked;
  private final AtomicReference<String> stage = new AtomicReference<>("");

  /**
   * @param version of everything, for people
   */
  public SupportBundleCommand(String version) {
    this.version = version;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Instant now = Instant.now();
    Path file = to == null ? Path.of(NAME.format(now)) : to;
    try (Progress _ = Progress.begin(System.err, Terminal.current(), stage::get)) {
      files.put("version.txt", version + "\n" + machine());
      Set<Path> sockets = new LinkedHashSet<>();
      processes.forEach(each -> sockets.add(socket(each)));
      fabric(sockets);
      sockets.forEach(this::process);
      configs.forEach(this::config);
    }
    files.put("README.txt", contents());
    write(file, now);
    files.forEach((name, text) -> System.out.printf("%8d  %s%n", text.length(), name));
    missing.forEach((name, why) -> System.err.println("farslot: without " + name + ": " + why));
    System.out.println(file.toAbsolutePath());
    return ExitCode.OK;
  }

  private static String machine() {
    return "%s %s %s, %d processors%n"
        .formatted(
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors());
  }

  private static Path socket(Path named) {
    return Files.isDirectory(named) ? named.resolve(ControlClient.SOCKET) : named;
  }

  /** What the manager tells; and which processes of this machine it knows. */
  private void fabric(Set<Path> sockets) throws InterruptedException {
    try (ApiClient client = manager.connect()) {
      stage.set("asks " + client.describe());
      for (String each : ASKED) {
        String[] parts = each.split("[?=]");
        Map<String, String> query = parts.length > 1 ? Map.of(parts[1], parts[2]) : Map.of();
        String name = "fabric/" + parts[0] + ".json";
        try {
          JsonNode answer = client.get("/api/v1/" + parts[0], query);
          files.put(name, Secrets.removed(Json.pretty(answer)) + "\n");
          for (JsonNode item : answer.path("items")) {
            String control = item.path("control").asString("");
            if (!control.isEmpty() && Files.exists(Path.of(control))) {
              sockets.add(Path.of(control));
            }
          }
        } catch (ApiException e) {
          missing.put(name, e.getMessage());
        }
      }
    } catch (ApiException | IOException e) {
      missing.put("fabric/", String.valueOf(e.getMessage()));
    }
  }

  private void process(Path socket) {
    String name = "processes/" + ++asked;
    stage.set("asks " + socket);
    ask(socket, "status", name + "/status.json", OutputOption::json);
    ask(socket, "threads", name + "/threads.txt", SupportBundleCommand::threads);
  }

  private void ask(Path socket, String command, String name, Function<Map<?, ?>, String> text) {
    try (ControlClient client = new ControlClient(socket)) {
      files.put(
          name,
          "# "
              + socket
              + "\n"
              + Secrets.removed(text.apply(client.ask(Map.of("command", command))))
              + "\n");
    } catch (IOException e) {
      missing.put(name, String.valueOf(e.getMessage()));
    }
  }

  private static String threads(Map<?, ?> answer) {
    StringBuilder text = new StringBuilder();
    if (answer.get("threads") instanceof List<?> threads) {
      for (Object each : threads) {
        if (each instanceof Map<?, ?> thread) {
          text.append("%n\"%s\" %s%n".formatted(thread.get("name"), thread.get("state")));
          if (thread.get("frames") instanceof List<?> frames) {
            frames.forEach(frame -> text.append("    at ").append(frame).append('\n'));
          }
        }
      }
    }
    return text.toString();
  }

  private void config(Path file) {
    String name = "config/" + (configs.indexOf(file) + 1) + "-" + file.getFileName();
    try {
      if (Files.size(file) > CONFIG_BYTES_MAX) {
        missing.put(name, "it is too large");
      } else {
        files.put(name, Secrets.removed(Files.readString(file)));
      }
    } catch (IOException e) {
      missing.put(name, e.toString());
    }
  }

  private String contents() {
    List<String> lines = new ArrayList<>();
    lines.add("A support bundle of Farslot. Passwords, tokens and private keys have been removed.");
    lines.add("Names of machines, addresses, serials and MAC addresses are inside.");
    lines.add("");
    files.forEach((name, text) -> lines.add(name));
    missing.forEach((name, why) -> lines.add(name + "  is missing: " + why));
    return String.join("\n", lines) + "\n";
  }

  /** For nobody else's eyes. */
  private void write(Path file, Instant now) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String folder = file.getFileName().toString().replaceAll("\\.(tar\\.gz|tgz)$", "");
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE);
        TarGz archive = new TarGz(out)) {
      for (Map.Entry<String, String> each : files.entrySet()) {
        archive.add(
            folder + "/" + each.getKey(),
            each.getValue().getBytes(StandardCharsets.UTF_8),
            now.getEpochSecond());
      }
    }
  }
}
