package farslot.cli;

import farslot.api.client.AgentPort;
import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.cli.output.ExitCode;
import farslot.config.ConfigException;
import farslot.pki.PkiException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Houses cards and lends them. */
@Command(
    name = "appliance",
    description = {
      "House cards in slots and lend them to servers.",
      "Runs in the foreground, logs to standard error, stops cleanly on SIGTERM and SIGINT. Give a "
          + "configuration file, or the same by options."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot appliance --config appliance.yaml",
      "  farslot appliance --state-dir /var/lib/farslot --nvme disk0=/srv/disk0.img,size=10GiB",
      "",
      "A configuration file:",
      "  listen: 127.0.0.1:7580          # where initiators connect; or a list",
      "  state-dir: /var/lib/farslot     # remembers who was lent what, across restarts",
      "  hold-time: 30s                  # how long a session outlives its connection",
      "  spin-us: 100                    # how long to look for work before sleeping",
      "  slots:",
      "    - name: disk0",
      "      card: nvme                  # 'farslot cards' lists the kinds",
      "      serial: FS0001",
      "      namespaces:",
      "        - file: /srv/disk0.img",
      "          size: 10GiB             # created, sparse, if it is not there",
      "          block-size: 512",
      "  manager: 10.0.0.2:7590          # who says who may have what; without one, whoever asks first",
      "  pki: /etc/farslot/pki           # made by 'farslot join'"
    })
final class ApplianceCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "Configuration file, YAML.")
  private Path config;

  @Mixin private SlotOptions slots;

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description = "Where it is remembered who was lent what.")
  private String stateDir;

  @Option(
      names = "--hold-time",
      paramLabel = "TIME",
      description = "How long a session outlives its connection (default 30s).")
  private String holdTime;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ApplianceConfig read = config();
    Appliance appliance = new Appliance(read);
    int present = appliance.functionsPresent();
    appliance.start();
    Termination.closeOnSignal(appliance);
    if (read.manager().isPresent()) {
      attend(appliance, read);
    }
    System.err.printf(
        "farslot appliance: ready on %s, %d of %d functions are there%n",
        String.join(", ", appliance.places()), present, appliance.functions().size());
    appliance.join();
    return ExitCode.OK;
  }

  /** With a manager, who says who may have what. */
  private static void attend(Appliance appliance, ApplianceConfig read)
      throws IOException, InterruptedException {
    try {
      appliance.attend(AgentPort.open(read.manager().get(), read.pki()));
    } catch (PkiException | IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private ApplianceConfig config() {
    boolean options = !slots.isEmpty() || stateDir != null || holdTime != null;
    if (config != null && options) {
      throw usage("give either --config or the other options, not both");
    }
    if (config != null) {
      return ApplianceConfig.of(config);
    }
    if (slots.hasNoDrive()) {
      throw usage("nothing to lend: give --config FILE, or --state-dir DIR and --nvme NAME=FILE");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    put(values, "state-dir", stateDir);
    put(values, "hold-time", holdTime);
    slots.put(values, spec.commandLine());
    return ApplianceConfig.of("options", values);
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
