package farslot.cli;

import farslot.api.ApiException;
import farslot.capture.PcapngFormat;
import farslot.capture.PcapngReader;
import farslot.capture.TlpFilter;
import farslot.cli.fabric.ManagerOption;
import farslot.cli.fabric.ProcessOf;
import farslot.cli.output.ExitCode;
import farslot.control.ControlClient;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what a running process sends and receives to a file. */
@Command(
    name = "capture",
    description = {
      "Capture the frames of a running appliance or initiator in a pcapng file.",
      "Costs the process a copy of each frame and nothing else: when the file cannot keep up, frames "
          + "are left out and the file says how many. Ends after --count, --seconds, or SIGINT; the file "
          + "is whole then. Open it in Wireshark with docs/wireshark/pcieoe.lua."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot capture rack1/disk0 -w disk.pcapng --seconds 10",
      "  farslot capture --from appliance.yaml -w disk.pcapng --seconds 10",
      "  farslot capture --from /run/farslot/control.sock -w - --function disk0 | tshark -r - \\",
      "      -X lua_script:docs/wireshark/pcieoe.lua",
      "  farslot capture --from initiator.yaml -w bar.pcapng --address fe000000-fe003fff",
      "  farslot capture --from initiator.yaml -w nettlp.pcapng --as nettlp --type MRd,CplD"
    })
final class CaptureCommand implements Callable<Integer> {
  private static final long FINISH_SECONDS_MAX = 2;

  /** Where a statistics block has the number of packets dropped, if that is its second option. */
  private static final int DROPPED_AT = 12 + 12 + 4;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--from", paramLabel = "PROCESS", description = Processes.FROM)
  private Path from;

  @Mixin private ManagerOption manager;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FUNCTION",
      description =
          "Instead of --from and --function: a function of the fabric whose appliance is on this machine.")
  private String ofFabric;

  @Option(
      names = {"-w", "--write"},
      paramLabel = "FILE",
      required = true,
      description = "Where to; - for standard output.")
  private String file;

  @Option(names = "--function", paramLabel = "NAME", description = "TLPs of this function only.")
  private String function = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      split = ",",
      description = "TLPs of these types only: MRd, MWr, CplD, CfgRd0 and so on. Repeatable.")
  private List<String> types = List.of();

  @Option(
      names = "--address",
      paramLabel = "LOW[-HIGH]",
      description = "TLPs that touch these addresses only, and their completions; hexadecimal.")
  private String address;

  @Option(names = "--count", paramLabel = "N", description = "End after so many packets.")
  private Long count;

  @Option(names = "--seconds", paramLabel = "N", description = "End after so many seconds.")
  private Long seconds;

  @Option(
      names = "--as",
      paramLabel = "FORMAT",
      description =
          "pcieoe (default): the frames; nettlp: each TLP as NetTLP has it on the wire, for dissectors "
              + "that read that.")
  private String as = "pcieoe";

  private long packets;
  private long dropped;

  @Override
  public Integer call() throws ApiException, IOException, InterruptedException {
    if ((from == null) == (ofFabric == null)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "say --from PROCESS, or a FUNCTION of the fabric");
    }
    if (ofFabric != null) {
      ProcessOf.Place place = ProcessOf.find(manager, ofFabric);
      from = place.socket();
      function = place.name();
    }
    Map<String, Object> request = request();
    try (ControlClient client = new ControlClient(Processes.socket(from))) {
      Map<?, ?> process = client.ask(request);
      CountDownLatch done = new CountDownLatch(1);
      Thread ending = new Thread(() -> finish(client, done), "capture's end");
      Runtime.getRuntime().addShutdownHook(ending);
      try (OutputStream out = out()) {
        copy(client, out);
        System.err.printf(
            "farslot capture: %d packets of %s %s, %d frames left out for want of room%n",
            packets, process.get("kind"), process.get("name"), dropped);
      } finally {
        done.countDown();
        unhook(ending);
      }
    }
    return ExitCode.OK;
  }

  private static void unhook(Thread ending) {
    try {
      Runtime.getRuntime().removeShutdownHook(ending);
    } catch (IllegalStateException e) {
      // It runs already.
    }
  }

  private Map<String, Object> request() {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("command", "capture");
    request.put("as", as);
    request.put("function", function);
    request.put("types", String.join(",", types));
    if (address != null) {
      TlpFilter.Range range = range();
      request.put("low", Long.toHexString(range.low()));
      request.put("high", Long.toHexString(range.high()));
    }
    if (count != null) {
      request.put("count", count);
    }
    if (seconds != null) {
      request.put("seconds", seconds);
    }
    return request;
  }

  private TlpFilter.Range range() {
    try {
      return AddressRange.parse(address);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--address should be " + e.getMessage());
    }
  }

  private OutputStream out() throws IOException {
    return file.equals("-") ? System.out : Files.newOutputStream(Path.of(file));
  }

  /** Copies whole blocks: whatever happens, the file can be read. */
  private void copy(ControlClient client, OutputStream out) throws IOException {
    PcapngReader reader = new PcapngReader(new BufferedInputStream(client.stream(), 1 << 16));
    for (Optional<PcapngReader.Block> block = reader.next();
        block.isPresent();
        block = reader.next()) {
      int type = block.get().type();
      if (type == PcapngFormat.ENHANCED_PACKET) {
        packets++;
      } else if (type == PcapngFormat.INTERFACE_STATISTICS) {
        dropped += block.get().body().getLong(DROPPED_AT);
      }
      out.write(block.get().bytes());
    }
    out.flush();
  }

  /** On SIGINT: no more frames, but what has come is written to its end. */
  private static void finish(ControlClient client, CountDownLatch done) {
    try {
      client.finish();
      boolean whole = done.await(FINISH_SECONDS_MAX, TimeUnit.SECONDS);
      // The JVM would report the signal; who sends it wants to know whether the file is good.
      Runtime.getRuntime().halt(whole ? ExitCode.OK : ExitCode.FAILED);
    } catch (IOException | InterruptedException e) {
      System.err.println("farslot capture: " + e);
    }
  }
}
