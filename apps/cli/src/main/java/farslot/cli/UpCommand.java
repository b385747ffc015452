package farslot.cli;

import farslot.cli.output.ExitCode;
import farslot.up.Defaults;
import farslot.up.FirstStart;
import farslot.up.Up;
import farslot.up.UpConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An appliance and its manager in one process. */
@Command(
    name = "up",
    description = {
      "House cards and manage who gets them, in one process.",
      "Without options: goes by STATE-DIR/up.yaml, and makes one with a drive to try things with where there "
          + "is none. Runs in the foreground, logs to standard error, stops cleanly on SIGTERM and SIGINT; what "
          + "is attached comes back with the next start."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot up",
      "  farslot up --config up.yaml",
      "  farslot up --state-dir /srv/farslot --name rack1 --nvme disk0=/srv/disk0.img,size=10GiB",
      "",
      "A configuration file has what an appliance's has ('farslot appliance --help'):",
      "  name: rack1                     # by which the fabric knows it",
      "  state-dir: /var/lib/farslot     # what outlives a restart",
      "  listen: 127.0.0.1:7580          # where initiators connect",
      "  slots:",
      "    - {name: disk0, card: nvme, serial: FS0001, namespaces: [{file: /srv/disk0.img, size: 10GiB}]}",
      "  server:                         # this machine has guests of its own",
      "    guests: [{name: vm1, qmp: /run/vm1.qmp}]",
      "  manager:",
      "    listen: 10.0.0.5:7590         # for other machines, over HTTPS; without it for this one alone"
    })
final class UpCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "Configuration file, YAML.")
  private Path config;

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description =
          "What outlives a restart (default: what the file says, else /var/lib/farslot for root, "
              + "~/.local/state/farslot for others).")
  private Path stateDir;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "By which the fabric knows this machine (default: as it is called).")
  private String name;

  @Mixin private SlotOptions slots;

  @Option(
      names = "--guest",
      paramLabel = "NAME=QMP-SOCKET",
      description = "A guest on this machine, into which functions are plugged. Repeatable.")
  private Map<String, Path> guests = Map.of();

  @Override
  public Integer call() throws IOException, InterruptedException {
    UpConfig read = config();
    Up up = new Up(read);
    int present = up.appliance().functionsPresent();
    Termination.closeOnSignal(up);
    up.start();
    System.err.printf(
        "farslot up: %s is ready on %s, %d of %d functions are there%n",
        read.name(),
        String.join(", ", up.appliance().places()),
        present,
        up.appliance().functions().size());
    up.host()
        .address()
        .ifPresent(
            at ->
                System.err.printf(
                    "farslot up: the manager listens on https://%s:%d%n",
                    at.getHostString(), at.getPort()));
    sayNext(read, List.copyOf(up.appliance().functions()));
    up.join();
    return ExitCode.OK;
  }

  private static void sayNext(UpConfig read, List<String> functions) {
    String manager =
        read.stateDir().equals(Defaults.stateDir()) ? "" : " --manager " + read.stateDir();
    System.err.printf(
        "farslot up: in another terminal:%n"
            + "  farslot list%s%n"
            + "  farslot attach%s %s/%s %s%n",
        manager, manager, read.name(), functions.getFirst(), receiver(read));
  }

  /** Somebody who could have it. */
  private static String receiver(UpConfig read) {
    return read.server()
        .map(
            server ->
                server.management().orElseThrow().guests().stream()
                    .findFirst()
                    .map(guest -> server.name() + "/" + guest.name())
                    .orElse(server.name()))
        .orElse("SERVER");
  }

  private UpConfig config() throws IOException {
    boolean options = name != null || !slots.isEmpty() || !guests.isEmpty();
    if (config != null && options) {
      throw usage("give either --config or --name, --listen, --nvme and --guest, not both");
    }
    if (config != null) {
      return UpConfig.of(config, stateDir);
    }
    Path dir = stateDir == null ? Defaults.stateDir() : stateDir;
    Path made = FirstStart.file(dir);
    if (!options) {
      if (FirstStart.make(dir)) {
        System.err.printf(
            "farslot up: made %s, with a drive of 1 GiB to try things with; edit it as you like%n",
            made);
      }
      return UpConfig.of(made, dir);
    }
    if (Files.exists(made)) {
      throw usage(
          "%s says what is here; edit it, or give another --state-dir, instead of the options"
              .formatted(made));
    }
    if (slots.hasNoDrive()) {
      throw usage("nothing to lend: give --nvme NAME=FILE, or --config FILE");
    }
    return UpConfig.of("options", values(), dir);
  }

  private Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    if (name != null) {
      values.put("name", name);
    }
    slots.put(values, spec.commandLine());
    List<Object> machines = new ArrayList<>();
    guests.forEach((guest, qmp) -> machines.add(Map.of("name", guest, "qmp", qmp.toString())));
    values.put("server", Map.of("guests", machines));
    return values;
  }

  private CommandLine.ParameterException usage(String what) {
    return new CommandLine.ParameterException(spec.commandLine(), what);
  }
}
