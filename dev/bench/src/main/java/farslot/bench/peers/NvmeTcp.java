package farslot.bench.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * NVMe/TCP: SPDK serves a disk in its memory, SPDK uses it; each polls on a processor of its own.
 */
final class NvmeTcp implements Peer {
  private static final String NAME = "nqn.2026-01.farslot:bench";

  @Override
  public String key() {
    return "nvme_tcp";
  }

  @Override
  public String words() {
    return "NVMe/TCP (SPDK)";
  }

  @Override
  public List<String> needs() {
    return List.of("nvmf_tgt", Spdk.PERF);
  }

  @Override
  public String toGet() {
    return Spdk.TO_GET;
  }

  @Override
  public Disk open(Tools tools, Path dir) throws Exception {
    int port = Served.freePort();
    Path configuration = dir.resolve("nvmf_tgt.json");
    Files.writeString(
        configuration, CONFIGURATION.replace("NAME", NAME).replace("PORT", "" + port));
    Child server = Spdk.server(tools, dir, configuration, port);
    String transport =
        "trtype:TCP adrfam:IPv4 traddr:127.0.0.1 trsvcid:" + port + " subnqn:" + NAME;
    return new Served(server, (load, seconds) -> Spdk.perf(tools, transport, load, seconds));
  }

  /** Data of writes travel with their commands. */
  private static final String CONFIGURATION =
      """
      {"subsystems": [
        {"subsystem": "bdev", "config": [
          {"method": "bdev_malloc_create",
           "params": {"name": "ram", "num_blocks": 524288, "block_size": 512}}]},
        {"subsystem": "nvmf", "config": [
          {"method": "nvmf_create_transport",
           "params": {"trtype": "TCP", "in_capsule_data_size": 8192}},
          {"method": "nvmf_create_subsystem",
           "params": {"nqn": "NAME", "allow_any_host": true, "serial_number": "BENCH"}},
          {"method": "nvmf_subsystem_add_ns",
           "params": {"nqn": "NAME", "namespace": {"bdev_name": "ram", "nsid": 1}}},
          {"method": "nvmf_subsystem_add_listener",
           "params": {"nqn": "NAME", "listen_address":
             {"trtype": "TCP", "adrfam": "IPv4", "traddr": "127.0.0.1", "trsvcid": "PORT"}}}]}]}
      """;
}
