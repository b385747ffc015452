package farslot.bench.peers;

import farslot.bench.many.Program;
import farslot.bench.path.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Farslot as SPDK's driver uses it: appliance, initiator, and a vfio-user socket. */
final class OursBySpdk implements Peer {
  /** Any will do; without one SPDK looks for a discovery controller. */
  private static final String NAME = "nqn.2026-01.farslot:bench";

  private final int spinUs;

  OursBySpdk(int spinUs) {
    this.spinUs = spinUs;
  }

  @Override
  public String key() {
    return "farslot_spdk";
  }

  @Override
  public String words() {
    return "by SPDK's driver, ";
  }

  @Override
  public List<String> needs() {
    return List.of(Spdk.PERF);
  }

  @Override
  public String toGet() {
    return Spdk.TO_GET;
  }

  @Override
  public Disk open(Tools tools, Path dir) throws Exception {
    int port = Served.freePort();
    Path run = Files.createDirectories(dir.resolve("run"));
    Program appliance = start(dir, "appliance", appliance(dir, port));
    try {
      appliance.awaitReady();
      Program initiator = start(dir, "initiator", initiator(run, port));
      try {
        initiator.awaitReady();
      } catch (Exception e) {
        initiator.close();
        throw e;
      }
      String transport = "trtype:VFIOUSER traddr:" + run.resolve("disk0") + " subnqn:" + NAME;
      return new Programs(
          List.of(initiator, appliance),
          (load, seconds) -> Spdk.perf(tools, transport, load, seconds));
    } catch (Exception e) {
      appliance.close();
      throw e;
    }
  }

  private String appliance(Path dir, int port) {
    return """
        listen: 127.0.0.1:%d
        state-dir: %s
        spin-us: %d
        slots:
          - {name: disk0, card: nvme, serial: BENCH, namespaces: [{ram: %d}]}
        """
        .formatted(port, dir.resolve("state"), spinUs, Served.BYTES);
  }

  private String initiator(Path run, int port) {
    return """
        name: bench
        appliance: 127.0.0.1:%d
        run-dir: %s
        spin-us: %d
        functions: [disk0]
        """
        .formatted(port, run, spinUs);
  }

  private static Program start(Path dir, String command, String text) throws IOException {
    Path file = dir.resolve(command + ".yaml");
    Files.writeString(file, text);
    return new Program(dir.resolve(command + ".log"), command, "--config", file.toString());
  }

  /** Ours sleep when there is nothing to do: there is nothing to pause. */
  private record Programs(List<Program> programs, Served.Client client) implements Disk {
    @Override
    public double perSecond(Load load, double seconds) throws Exception {
      return client.perSecond(load, seconds);
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void close() {
      programs.forEach(Program::close);
    }
  }
}
