package farslot.cli;

import farslot.bench.Bench;
import farslot.bench.Profile;
import farslot.bench.Report;
import farslot.bench.html.HtmlReport;
import farslot.bench.peers.Tools;
import farslot.cli.output.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures. */
@Command(
    name = "bench",
    description = {
      "Measure the whole path against bare TCP on this machine.",
      "An appliance with a drive in memory and the built-in software root complex, a thread each, "
          + "over loopback. Ratios from one run are what counts; absolute figures drift with the machine.",
      "As root, also what several, lossy and dying rails do: on cables between network namespaces, which "
          + "are gone afterwards."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot bench",
      "  farslot bench --html bench.html",
      "  farslot bench --json --seconds 1 >bench.json",
      "  farslot bench --only mmio --only qd1",
      "  farslot bench --peers --tools ~/spdk/build/bin --only over_nbd --only over_nvme_tcp",
      "  sudo farslot bench --only rail --only loss"
    })
final class BenchCommand implements Callable<Integer> {
  private static final double SECONDS_MAX = 3600;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Option(
      names = "--peers",
      description = {
        "Also compare with NBD, iSCSI and NVMe/TCP on disks in memory, as far as this machine has",
        "fio, qemu-nbd, nbdkit, tgt, libiscsi and SPDK. It says what is missing and how to get it."
      })
  private boolean peers;

  @Option(
      names = "--tools",
      paramLabel = "DIR",
      description = "Where to look for such programs besides PATH. Repeatable.")
  private List<Path> tools = List.of();

  @Option(
      names = "--jfr",
      paramLabel = "FILE",
      description =
          "Also record the run with the JDK's flight recorder, processor time by method included.")
  private Path jfr;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also write a report with plots: one page that needs nothing else.")
  private Path html;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "4",
      description = "Time for each case, half of it for its floor (default ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--only",
      paramLabel = "KEY",
      description = "Only cases whose key contains this. Repeatable.")
  private List<String> only = List.of();

  @Option(
      names = "--spin-us",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "How long data threads look for work before they sleep (default ${DEFAULT-VALUE}).")
  private int spinUs;

  @Override
  public Integer call() throws Exception {
    if (!(seconds > 0 && seconds <= SECONDS_MAX) || spinUs < 0 || spinUs > 1_000_000) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--seconds should be above 0, --spin-us 0 to 1000000");
    }
    Logs.quiet();
    Bench bench =
        new Bench(
            new Bench.Options(
                seconds, only, spinUs, peers ? Optional.of(new Tools(tools)) : Optional.empty()),
            what -> System.err.println("farslot bench: " + what));
    Report report;
    Optional<Profile> profile = jfr == null ? Optional.empty() : Optional.of(Profile.start(jfr));
    try {
      report = bench.run();
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    } finally {
      if (profile.isPresent()) {
        profile.get().close();
      }
    }
    if (html != null) {
      HtmlReport.write(report, html);
      System.err.println("farslot bench: the report is " + html.toAbsolutePath());
    }
    if (json) {
      report.printJson(System.out);
    } else {
      report.print(System.out);
    }
    return ExitCode.OK;
  }
}
