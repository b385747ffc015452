package farslot.cli;

import farslot.carrier.Discovery;
import farslot.carrier.EthernetAddress;
import farslot.cli.output.ExitCode;
import farslot.cli.output.OutputOption;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says which appliances listen on an Ethernet segment. */
@Command(
    name = "discover",
    description = {
      "List the appliances that listen on an Ethernet segment, and what packets come through to them.",
      "Needs root or CAP_NET_RAW."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sudo farslot discover --interface eth1",
      "  sudo farslot discover --interface eth1 --vlan 100 -o json"
    })
final class DiscoverCommand implements Callable<Integer> {
  private static final double SECONDS_MAX = 60;
  private static final String ROW = "%-24s %-17s %5s %6s  %s%n";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-i", "--interface"},
      paramLabel = "IFACE",
      required = true,
      description = "Where to look, as 'ip link' names it.")
  private String interfaceName;

  @Option(names = "--vlan", paramLabel = "N", description = "In a VLAN, 1 to 4094.")
  private Integer vlan;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "" + EthernetAddress.PORT,
      description = "Where the appliances listen (default ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "1",
      description = "How long to look (default ${DEFAULT-VALUE}).")
  private double seconds;

  @Mixin private OutputOption output;

  @Override
  public Integer call() throws IOException {
    if (!(seconds > 0 && seconds <= SECONDS_MAX)) {
      throw wrong("--seconds should be above 0 and at most " + (int) SECONDS_MAX);
    }
    List<Discovery.Appliance> found = Discovery.list(segment(), (long) (seconds * 1e9));
    if (!found.isEmpty() || !output.forPeople()) {
      List<Map<String, Object>> all = found.stream().map(DiscoverCommand::members).toList();
      output.print(
          System.out,
          Map.of("appliances", all),
          () -> found.stream().map(Discovery.Appliance::nodeName).toList(),
          () -> print(found, System.out));
    }
    if (found.isEmpty()) {
      System.err.println(
          "farslot: no appliance answers on %s: is one listening with 'listen: %s'%s?"
              .formatted(
                  interfaceName,
                  segment().toString().replace(interfaceName, "INTERFACE"),
                  vlan == null ? ", in the same VLAN" : ", does the network carry VLAN " + vlan));
      return ExitCode.NOT_FOUND;
    }
    return ExitCode.OK;
  }

  private EthernetAddress segment() {
    String text =
        EthernetAddress.SCHEME
            + interfaceName
            + "?port="
            + port
            + (vlan == null ? "" : "&vlan=" + vlan);
    try {
      return EthernetAddress.parse(text).segment();
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private CommandLine.ParameterException wrong(String what) {
    return new CommandLine.ParameterException(spec.commandLine(), what);
  }

  private static Map<String, Object> members(Discovery.Appliance appliance) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", appliance.nodeName());
    members.put("mac", appliance.mac().toString());
    members.put("credentials", appliance.credentials());
    members.put("port", appliance.port());
    members.put("mtu", appliance.mtuBytes());
    members.put("function_count", appliance.functionCount());
    members.put("functions", appliance.functions());
    return members;
  }

  private static void print(List<Discovery.Appliance> found, PrintStream out) {
    out.printf(Locale.ROOT, ROW, "APPLIANCE", "MAC", "PORT", "MTU", "FUNCTIONS");
    for (Discovery.Appliance each : found) {
      int untold = each.functionCount() - each.functions().size();
      String functions =
          String.join(", ", each.functions()) + (untold > 0 ? " and " + untold + " more" : "");
      out.printf(
          Locale.ROOT,
          ROW,
          each.nodeName(),
          each.mac(),
          each.port(),
          each.mtuBytes(),
          each.functionCount() == 0 ? "-" : functions);
    }
  }
}
