package farslot.bench.many;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Rounded;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What programs cost that have nothing to do: an appliance and initiators in processes of their
 * own, all functions attached, a client connected to each function's socket.
 */
final class Idle implements Measurement {
  private static final int FUNCTIONS = 64;
  private static final int SERVERS = 4;

  /** Until the compiler has done what starting and the first idle turns gave it to do. */
  private static final long SETTLE_MS = 15_000;

  private static final String QEMU = "{\"capabilities\":{\"max_msg_fds\":8}}";
  private static final String SPDK = "";

  private enum Key {
    ALL("idle_cpu_percent", "64 idle functions, 5 programs together, % of a core", 1),
    APPLIANCE("idle_cpu_percent_appliance", "the same: the appliance alone", 0),
    DATA("idle_cpu_percent_data_threads", "the same: the data threads of all programs", 0),
    WAKE_UPS("idle_wake_ups_per_second", "the same: wake-ups a second of all threads", 0),
    MAPPED("idle_cpu_percent_mapped_doorbells", "64 idle functions, doorbells mapped (SPDK)", 0);

    final String key;
    final String words;
    final Figure.Goal goal;
    final Rounded none = new Rounded();

    Key(String key, String words, double most) {
      this.key = key;
      this.words = words;
      this.goal = most > 0 ? Figure.Goal.atMost(most) : Figure.Goal.NONE;
    }

    Figure figure(Rounded rounds, String note) {
      return new Figure(key, words, rounds, goal, note);
    }
  }

  @Override
  public List<Figure> asked() {
    List<Figure> asked = new ArrayList<>();
    for (Key each : Key.values()) {
      asked.add(each.figure(each.none, ""));
    }
    return asked;
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    long windowMs = Math.max(2_000, (long) (setup.seconds() * 1000));
    Path dir = Files.createTempDirectory("farslot-idle");
    try {
      Usage used = measure(dir, setup, windowMs, QEMU);
      Usage mapped = measure(dir, setup, windowMs, SPDK);
      return List.of(
          Key.ALL.figure(used.all, used.note()),
          Key.APPLIANCE.figure(used.appliance, ""),
          Key.DATA.figure(used.data, ""),
          Key.WAKE_UPS.figure(used.wakeUps, ""),
          Key.MAPPED.figure(mapped.all, ""));
    } finally {
      Folders.delete(dir);
    }
  }

  /** What was used in each window. */
  private static final class Usage {
    final Rounded all = new Rounded();
    final Rounded appliance = new Rounded();
    final Rounded data = new Rounded();
    final Rounded wakeUps = new Rounded();
    int threads;

    String note() {
      return String.format(
          Locale.ROOT, "%d initiators and an appliance, %d threads in all", SERVERS, threads);
    }
  }

  private static Usage measure(Path parent, Setup setup, long windowMs, String json)
      throws Exception {
    Path dir = Files.createTempDirectory(parent, "run");
    List<Program> programs = new ArrayList<>();
    List<Client> clients = new ArrayList<>();
    try {
      int port = freePort();
      programs.add(start(dir, "appliance", Configurations.appliance(dir, port, FUNCTIONS, setup)));
      programs.get(0).awaitReady();
      for (int server = 0; server < SERVERS; server++) {
        String name = "server" + server;
        List<String> functions = Configurations.share(FUNCTIONS, SERVERS, server);
        Path run = Files.createDirectory(dir.resolve(name + ".run"));
        String text = Configurations.initiator(name, run, port, functions, setup);
        Program program = start(dir, "initiator", text);
        programs.add(program);
        program.awaitReady();
        for (String function : functions) {
          clients.add(new Client(run.resolve(function + ".sock"), json));
        }
      }
      Thread.sleep(SETTLE_MS);
      return watch(programs, windowMs);
    } finally {
      for (Client client : clients) {
        client.close();
      }
      for (Program program : programs.reversed()) {
        program.close();
      }
    }
  }

  private static Program start(Path dir, String command, String configuration) throws IOException {
    Path file = Files.createTempFile(dir, command, ".yaml");
    Files.writeString(file, configuration);
    return new Program(
        file.resolveSibling(file.getFileName() + ".log"), command, "--config", file.toString());
  }

  private static Usage watch(List<Program> programs, long windowMs)
      throws IOException, InterruptedException {
    Usage used = new Usage();
    List<ProcessTimes> before = read(programs);
    long beforeNs = System.nanoTime();
    for (int round = 0; round < Setup.ROUNDS; round++) {
      Thread.sleep(windowMs);
      List<ProcessTimes> now = read(programs);
      long nowNs = System.nanoTime();
      double percent = 100.0 / (nowNs - beforeNs);
      long all = 0;
      long data = 0;
      long wakeUps = 0;
      used.threads = 0;
      for (int i = 0; i < now.size(); i++) {
        all += now.get(i).runNsSince(before.get(i), "");
        data += now.get(i).runNsSince(before.get(i), i == 0 ? "appliance" : "initiator");
        wakeUps += now.get(i).wakeUpsSince(before.get(i));
        used.threads += now.get(i).threads();
      }
      used.all.add(all * percent);
      used.appliance.add(now.get(0).runNsSince(before.get(0), "") * percent);
      used.data.add(data * percent);
      used.wakeUps.add(wakeUps * 1e9 / (nowNs - beforeNs));
      before = now;
      beforeNs = nowNs;
    }
    return used;
  }

  private static List<ProcessTimes> read(List<Program> programs) throws IOException {
    List<ProcessTimes> times = new ArrayList<>();
    for (Program program : programs) {
      times.add(ProcessTimes.of(program.pid()));
    }
    return times;
  }

  /** Free just now; nobody else on this machine is likely to take it in the next second. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
