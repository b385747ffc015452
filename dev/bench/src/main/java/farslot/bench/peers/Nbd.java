package farslot.bench.peers;

import farslot.bench.path.Load;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Network block device: two servers, and fio for both. */
enum Nbd implements Peer {
  QEMU("nbd_qemu", "qemu-nbd") {
    @Override
    List<String> command(String program, int port, Path file) {
      return List.of(
          program,
          "--bind=127.0.0.1",
          "--port=" + port,
          "--format=raw",
          "--persistent",
          "--shared=4",
          "--cache=writeback",
          file.toString());
    }
  },

  NBDKIT("nbd_nbdkit", "nbdkit") {
    @Override
    List<String> command(String program, int port, Path file) {
      return List.of(
          program, "-f", "-i", "127.0.0.1", "-p", "" + port, "memory", "" + Served.BYTES);
    }
  };

  private final String key;
  private final String program;

  Nbd(String key, String program) {
    this.key = key;
    this.program = program;
  }

  abstract List<String> command(String program, int port, Path file);

  @Override
  public String key() {
    return key;
  }

  @Override
  public String words() {
    return "NBD (" + program + ", fio)";
  }

  @Override
  public List<String> needs() {
    return List.of(program, "fio");
  }

  @Override
  public String toGet() {
    return "apt-get install fio " + (this == QEMU ? "qemu-utils" : "nbdkit");
  }

  @Override
  public Disk open(Tools tools, Path dir) throws Exception {
    int port = Served.freePort();
    Path file = Memory.file();
    try {
      Child server =
          new Child(dir.resolve(key + ".log"), Map.of(), command(tools.path(program), port, file));
      try {
        server.awaitPort(port);
      } catch (Exception e) {
        server.close();
        throw e;
      }
      String uri = "nbd://127.0.0.1:" + port;
      return new Served(server, (load, seconds) -> fio(tools, uri, load, seconds));
    } finally {
      // The server has it open, and it goes with the server.
      Files.delete(file);
    }
  }

  private static double fio(Tools tools, String uri, Load load, double seconds) throws Exception {
    List<String> command =
        List.of(
            tools.path("fio"),
            "--name=farslot",
            "--ioengine=nbd",
            "--uri=" + uri,
            "--rw=" + (load.write() ? "randwrite" : "randread"),
            "--bs=" + load.bytes(),
            "--iodepth=" + load.depth(),
            "--size=" + Served.WORKING_BYTES,
            "--randrepeat=0",
            "--norandommap",
            "--time_based",
            "--runtime=" + Math.max(200, Math.round(seconds * 1000)) + "ms",
            "--minimal");
    return Printed.byFio(Child.run(Map.of(), command), load.write());
  }
}
