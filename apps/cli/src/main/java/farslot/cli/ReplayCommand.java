package farslot.cli;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.capture.TlpFilter;
import farslot.carrier.RailAddress;
import farslot.cli.output.ExitCode;
import farslot.cli.output.OutputOption;
import farslot.config.ConfigException;
import farslot.replay.Conversation;
import farslot.replay.ConversationReader;
import farslot.replay.Replay;
import farslot.replay.Report;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plays a capture to a card, and says what the card does otherwise. */
@Command(
    name = "replay",
    description = {
      "Drive a function from a capture, and report what it does otherwise than the capture shows.",
      "What the server said is said again, each TLP after all that the card had done before it; the "
          + "card's DMA reads get the data that they got then; its completions, writes and interrupts "
          + "are compared. Begin the capture before the function is attached, or the card has no "
          + "addresses. What was written to a drive is written again: give it a copy, or RAM.",
      "Ends with status 0 when the card did all the same, with 1 when not."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot replay disk.pcapng --config appliance.yaml",
      "  farslot replay disk.pcapng --config lab.yaml --slot spare --speed 1 -o json",
      "  farslot replay disk.pcapng --to 10.0.0.2:7580 --function disk0"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final long MS = 1_000_000;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "A capture: 'farslot capture' wrote it, with or without --as nettlp.")
  private Path file;

  @ArgGroup(multiplicity = "1")
  private Where where;

  /** Where the card is. */
  static final class Where {
    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "Make the card in this process, from a slot of this appliance.yaml.")
    private Path config;

    @Option(
        names = "--to",
        paramLabel = "ADDRESS",
        description = "Attach a function of this appliance, as an initiator does.")
    private String address;
  }

  @Option(
      names = "--function",
      paramLabel = "NAME",
      description = "Whose conversation in the capture; need not be said when there is only one.")
  private String function;

  @Option(
      names = "--slot",
      paramLabel = "NAME",
      description = "Which slot gets it (default: the one that is called as in the capture).")
  private String slot;

  @Option(
      names = "--speed",
      paramLabel = "N",
      description = "N times as fast as it was; 0 (default) as fast as the card goes.")
  private double speed;

  @Option(
      names = "--patience-ms",
      paramLabel = "MS",
      description =
          "How long the card may take for each thing it did (default ${DEFAULT-VALUE} ms).")
  private long patienceMs = 1000;

  @Option(
      names = "--ignore",
      paramLabel = "LOW[-HIGH]",
      description =
          "Do not compare data at these addresses, hexadecimal: registers that tell the time, rings in "
              + "which the card says how far it has come. Repeatable.")
  private List<String> ignored = List.of();

  @Mixin private OutputOption output;

  @Override
  public Integer call() throws Exception {
    if (!(speed >= 0) || patienceMs < 1) {
      throw usage("--speed is not below 0, --patience-ms not below 1");
    }
    ConversationReader.Contents contents = read();
    Conversation said = choose(contents.conversations());
    Replay.Options options = new Replay.Options(speed, patienceMs * MS, ranges());
    String target = slot == null ? said.function() : slot;
    Report report =
        where.config == null
            ? visit(RailAddress.parse(where.address), target, said, options)
            : play(ApplianceConfig.of(where.config), target, said, options);
    ReplayReport.print(report, contents, output, System.out);
    return report.differenceCount() == 0 && complete(report) ? ExitCode.OK : ExitCode.FAILED;
  }

  private List<TlpFilter.Range> ranges() {
    try {
      return ignored.stream().map(AddressRange::parse).toList();
    } catch (IllegalArgumentException e) {
      throw usage("--ignore should be " + e.getMessage());
    }
  }

  private static boolean complete(Report report) {
    return report.same() == report.sameOf();
  }

  private ConversationReader.Contents read() throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return ConversationReader.read(in);
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException("there is no capture " + file);
    }
  }

  private Conversation choose(List<Conversation> all) throws IOException {
    List<String> names = all.stream().map(Conversation::function).toList();
    if (all.isEmpty()) {
      throw new NoSuchFileException("no TLPs of any function are in " + file);
    }
    if (function == null && all.size() > 1) {
      throw usage("there are several functions in the capture: say --function, one of " + names);
    }
    if (function == null) {
      return all.getFirst();
    }
    return all.stream()
        .filter(each -> each.function().equals(function))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchFileException(
                    "no function '" + function + "' in the capture; there are " + names));
  }

  private static Report visit(
      RailAddress address, String target, Conversation said, Replay.Options options)
      throws IOException, InterruptedException {
    try (CardVisit visit = new CardVisit(address, target, said, options)) {
      return visit.play();
    }
  }

  /** An appliance with this one slot, for as long as it takes. */
  private static Report play(
      ApplianceConfig config, String target, Conversation said, Replay.Options options)
      throws IOException, InterruptedException {
    Path state = Files.createTempDirectory("farslot-replay");
    try {
      ApplianceConfig alone = config.alone(target, state);
      try (Appliance appliance = new Appliance(alone)) {
        if (!appliance.failures().isEmpty()) {
          throw new ConfigException(String.valueOf(appliance.failures()));
        }
        appliance.start();
        return visit(RailAddress.parse("127.0.0.1:" + appliance.port()), target, said, options);
      }
    } finally {
      Directories.delete(state);
    }
  }

  private CommandLine.ParameterException usage(String what) {
    return new CommandLine.ParameterException(spec.commandLine(), what);
  }
}
