package farslot.cli;

import farslot.api.ApiCommand;
import farslot.api.ApiException;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.GuestReport;
import farslot.api.agent.InitiatorReport;
import farslot.api.agent.Load;
import farslot.api.agent.ManagerPort;
import farslot.control.ControlClient;
import farslot.control.ControlServer;
import farslot.manager.engine.Manager;
import farslot.manager.engine.ManagerOptions;
import farslot.manager.profiles.Profiles;
import farslot.store.StoreException;
import farslot.store.file.FileStateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A manager that knows a drive and a server which do not exist, in a directory that goes away. */
final class TrainingFabric implements AutoCloseable {
  private final Path dir;
  private final FileStateStore store;
  private final Manager manager;
  private final ControlServer control;

  private TrainingFabric(Path dir, FileStateStore store, Manager manager, ControlServer control) {
    this.dir = dir;
    this.store = store;
    this.manager = manager;
    this.control = control;
  }

  /** Begins one. */
  static TrainingFabric begin()
      throws IOException, StoreException, ApiException, InterruptedException {
    Path dir = Files.createTempDirectory("farslot-train");
    FileStateStore store = FileStateStore.open(dir.resolve("store"));
    Manager manager = new Manager(store, ManagerOptions.DEFAULT, List.of(new Profiles()));
    manager.start();
    ControlServer control =
        new ControlServer(
            dir.resolve(ControlClient.SOCKET),
            Map.of(ApiCommand.NAME, new ApiCommand(manager.api())));
    TrainingFabric fabric = new TrainingFabric(dir, store, manager, control);
    fabric.tell();
    return fabric;
  }

  private void tell() throws IOException, ApiException, InterruptedException {
    FunctionReport drive =
        new FunctionReport(
            "disk0",
            "nvme",
            "1b36:0010",
            0x010802,
            1L << 30,
            Map.of("serial", "FS0001"),
            true,
            "",
            0,
            0,
            "",
            "",
            "",
            Load.NONE);
    GuestReport guest = new GuestReport("vm1", true, 1, "");
    try (ManagerPort port = manager.port()) {
      port.report(new ApplianceReport("rack1", "1", List.of("a:1"), "", "", List.of(drive)));
      port.report(
          new InitiatorReport("server-a", "1", "", "", List.of(), List.of(guest), List.of()));
    }
  }

  /** Where it answers. */
  String socket() {
    return dir.resolve(ControlClient.SOCKET).toString();
  }

  @Override
  public void close() throws IOException, StoreException {
    control.close();
    manager.close();
    store.close();
    Directories.delete(dir);
  }
}
