package farslot.cli;

import farslot.api.client.AgentPort;
import farslot.cli.output.ExitCode;
import farslot.config.ConfigException;
import farslot.initiator.Initiator;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.ManagedInitiator;
import farslot.initiator.Management;
import farslot.initiator.Sockets;
import farslot.pki.PkiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows functions to hypervisors. */
@Command(
    name = "initiator",
    description = {
      "Show functions of an appliance to the hypervisors of this server.",
      "Each function becomes a vfio-user socket RUN-DIR/NAME.sock. Runs in the foreground, logs to "
          + "standard error, stops cleanly on SIGTERM and SIGINT. Give a configuration file, or the "
          + "same by options."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot initiator --config initiator.yaml",
      "  farslot initiator --name server-a --appliance 10.0.0.5:7580 --run-dir /run/farslot \\",
      "      --function disk0",
      "",
      "A configuration file:",
      "  name: server-a                  # by which the appliance knows this server",
      "  appliance: 10.0.0.5:7580        # or a list, for a session over several rails",
      "  run-dir: /run/farslot           # where the sockets are",
      "  access-deadline: 3s             # longest that a guest waits for a register",
      "  hold-time: 30s                  # how long a session outlives its connection",
      "  functions:",
      "    - disk0",
      "    - {name: disk1, msix: relay}  # so that QEMU 11.1 survives that it is unplugged",
      "    - {name: soft0, card: nettlp} # a card that the initiator houses itself, no appliance",
      "",
      "With a manager, who says which functions, from which appliances, into which guests:",
      "  name: server-a",
      "  manager: 10.0.0.2:7590          # or its control socket, on the same machine",
      "  pki: /etc/farslot/pki           # this server's certificate, from `farslot join`",
      "  run-dir: /run/farslot",
      "  guests:                         # QEMUs, with control sockets for Farslot alone",
      "    - {name: vm1, qmp: /run/vm1.qmp}",
      "",
      "The guest's memory must be shared:",
      "  -machine q35,memory-backend=mem -object memory-backend-memfd,id=mem,size=1G,share=on"
    })
final class InitiatorCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "Configuration file, YAML.")
  private Path config;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "By which the appliance knows this server.")
  private String name;

  @Option(
      names = "--appliance",
      paramLabel = "ADDRESS",
      description = "A way to the appliance. Repeatable, for a session over several rails.")
  private List<String> appliance = List.of();

  @Option(
      names = "--frame-bytes",
      paramLabel = "BYTES",
      description = "Largest frame; smaller for rails with a small MTU (default 16640).")
  private Integer frameBytes;

  @Option(names = "--run-dir", paramLabel = "DIR", description = "Where the sockets are.")
  private String runDir;

  @Option(
      names = "--function",
      paramLabel = "NAME",
      description = "A function to show. Repeatable.")
  private List<String> functions = List.of();

  @Option(
      names = "--access-deadline",
      paramLabel = "TIME",
      description = "Longest that a guest waits for a register (default 3s).")
  private String accessDeadline;

  @Option(
      names = "--hold-time",
      paramLabel = "TIME",
      description = "How long a session outlives its connection (default 30s).")
  private String holdTime;

  @Override
  public Integer call() throws IOException, InterruptedException {
    InitiatorConfig read = config();
    Files.createDirectories(read.runDir());
    if (read.management().isPresent()) {
      return managed(read, read.management().get());
    }
    Initiator initiator = new Initiator(read, new Sockets(read.runDir(), this::offered));
    initiator.start();
    Termination termination = Termination.closeOnSignal(initiator);
    while (!initiator.awaitReady(1) && initiator.dataThread().isAlive()) {
      // Until each function is either there or has been refused for the first time.
    }
    if (initiator.replaced()) {
      return termination.ended(ExitCode.CONFLICT);
    }
    System.err.printf(
        "farslot initiator: guests need shared memory: -machine q35,memory-backend=mem"
            + " -object memory-backend-memfd,id=mem,size=1G,share=on%n"
            + "farslot initiator: ready, %d of %d functions offered in %s%n",
        initiator.offered(), read.functions().size(), read.runDir().toAbsolutePath());
    initiator.join();
    return termination.ended(initiator.replaced() ? ExitCode.CONFLICT : ExitCode.OK);
  }

  /** With a manager, who says what is shown, and into which guest it is plugged. */
  private Integer managed(InitiatorConfig read, Management management)
      throws IOException, InterruptedException {
    AgentPort port;
    try {
      port = AgentPort.open(management.manager(), read.pki());
    } catch (PkiException | IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
    ManagedInitiator initiator = new ManagedInitiator(read, "farslot " + VersionCommand.VERSION);
    initiator.start(port);
    Termination termination = Termination.closeOnSignal(initiator);
    System.err.printf(
        "farslot initiator: ready, %s does what the manager at %s says%n",
        read.name(), management.manager());
    initiator.join();
    boolean replaced = initiator.initiator().replaced();
    return termination.ended(replaced ? ExitCode.CONFLICT : ExitCode.OK);
  }

  private void offered(String function, Path socket) {
    System.err.printf(
        "farslot initiator: %s is at %s; for QEMU, below a pcie-root-port with id rp1:%n"
            + "  -device '{\"driver\":\"vfio-user-pci\",\"bus\":\"rp1\","
            + "\"socket\":{\"type\":\"unix\",\"path\":\"%s\"}}'%n",
        function, socket, socket);
  }

  private InitiatorConfig config() {
    boolean options =
        name != null
            || !appliance.isEmpty()
            || frameBytes != null
            || runDir != null
            || accessDeadline != null
            || holdTime != null
            || !functions.isEmpty();
    if (config != null && options) {
      throw usage("give either --config or the other options, not both");
    }
    if (config != null) {
      return InitiatorConfig.of(config);
    }
    if (!options) {
      throw usage(
          "give --config FILE, or --name, --appliance, --run-dir and at least one --function");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    put(values, "name", name);
    put(values, "appliance", appliance.isEmpty() ? null : appliance);
    put(values, "frame-bytes", frameBytes);
    put(values, "run-dir", runDir);
    put(values, "access-deadline", accessDeadline);
    put(values, "hold-time", holdTime);
    put(values, "functions", functions);
    return InitiatorConfig.of("options", values);
  }

  private static void put(Map<String, Object> values, String key, Object value) {
    if (value != null) {
      values.put(key, value);
    }
  }

  private CommandLine.ParameterException usage(String what) {
    return new CommandLine.ParameterException(spec.commandLine(), what);
  }
}
