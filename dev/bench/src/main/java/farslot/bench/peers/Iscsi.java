package farslot.bench.peers;

import farslot.bench.path.Load;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** iSCSI: tgt serves, libiscsi's own measuring program reads. It cannot write. */
final class Iscsi implements Peer {
  private static final String NAME = "iqn.2026-01.farslot:bench";
  private static final int BLOCK_BYTES = 512;

  /** Number of the server's control socket, so that it is not taken for one of the machine's. */
  private static final String CONTROL = "4711";

  @Override
  public String key() {
    return "iscsi";
  }

  @Override
  public String words() {
    return "iSCSI (tgt, libiscsi)";
  }

  @Override
  public List<String> needs() {
    return List.of("tgtd", "tgtadm", "iscsi-perf");
  }

  @Override
  public String toGet() {
    return "apt-get install tgt libiscsi-bin";
  }

  @Override
  public boolean does(Load load) {
    return !load.write();
  }

  @Override
  public Disk open(Tools tools, Path dir) throws Exception {
    int port = Served.freePort();
    Path file = Memory.file();
    Map<String, String> environment =
        Map.of("TGT_IPC_SOCKET", dir.resolve("tgtd.socket").toString());
    Child server =
        new Child(
            dir.resolve("tgtd.log"),
            environment,
            List.of(
                tools.path("tgtd"), "-f", "-C", CONTROL, "--iscsi", "portal=127.0.0.1:" + port));
    try {
      server.awaitPort(port);
      Administration tgt = new Administration(tools.path("tgtadm"), environment);
      tgt.does("--op", "new", "--mode", "target", "-T", NAME);
      tgt.does("--op", "new", "--mode", "logicalunit", "--lun", "1", "-b", file.toString());
      tgt.does("--op", "bind", "--mode", "target", "-I", "127.0.0.1");
    } catch (Exception e) {
      server.close();
      throw e;
    } finally {
      Files.delete(file);
    }
    String url = "iscsi://127.0.0.1:" + port + "/" + NAME + "/1";
    return new Served(server, (load, seconds) -> read(tools, url, load, seconds));
  }

  private record Administration(String program, Map<String, String> environment) {
    void does(String... words) throws Exception {
      List<String> command =
          new java.util.ArrayList<>(List.of(program, "-C", CONTROL, "--lld", "iscsi"));
      command.addAll(List.of("--tid", "1"));
      command.addAll(List.of(words));
      Child.run(environment, command);
    }
  }

  private static double read(Tools tools, String url, Load load, double seconds) throws Exception {
    List<String> command =
        List.of(
            tools.path("iscsi-perf"),
            "-m",
            "" + load.depth(),
            "-b",
            "" + load.bytes() / BLOCK_BYTES,
            "-t",
            Served.whole(seconds),
            "-r",
            url);
    return Printed.byIscsiPerf(Child.run(Map.of(), command));
  }
}
