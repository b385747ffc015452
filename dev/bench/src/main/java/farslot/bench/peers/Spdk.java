package farslot.bench.peers;

import farslot.bench.path.Load;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** SPDK's measuring program, for whatever transport. It polls on the second processor. */
final class Spdk {
  static final String PERF = "spdk_nvme_perf";
  static final String TO_GET = "build SPDK and add its folder build/bin: --tools DIR";

  /** Memory without huge pages, MiB: they are rarely set up, and nobody's to take. */
  static final String MEMORY_MIB = "512";

  private Spdk() {}

  static double perf(Tools tools, String transport, Load load, double seconds) throws Exception {
    List<String> command =
        List.of(
            tools.path(PERF),
            "-c",
            Runtime.getRuntime().availableProcessors() > 1 ? "0x2" : "0x1",
            "--no-huge",
            "-s",
            MEMORY_MIB,
            "-q",
            "" + load.depth(),
            "-o",
            "" + load.bytes(),
            "-w",
            load.write() ? "randwrite" : "randread",
            "-t",
            Served.whole(seconds),
            "-r",
            transport);
    return Printed.bySpdk(Child.run(Map.of(), command));
  }

  /** A server of SPDK's that has been configured by a file. */
  static Child server(Tools tools, Path dir, Path configuration, int port) throws Exception {
    Child server =
        new Child(
            dir.resolve("nvmf_tgt.log"),
            Map.of(),
            List.of(
                tools.path("nvmf_tgt"),
                "-m",
                "0x1",
                "--no-huge",
                "-s",
                "1024",
                "--no-pci",
                "-r",
                dir.resolve("nvmf_tgt.socket").toString(),
                "-c",
                configuration.toString()));
    try {
      server.awaitPort(port);
    } catch (Exception e) {
      server.close();
      throw e;
    }
    return server;
  }
}
