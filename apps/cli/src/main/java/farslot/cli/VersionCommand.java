package farslot.cli;

import farslot.cli.output.ExitCode;
import farslot.config.Version;
import farslot.link.FrameFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says what this is. */
@Command(
    name = "version",
    description = "Print the versions of Farslot, of its protocol and of Java.")
final class VersionCommand implements Callable<Integer> {
  static final String VERSION = Version.TEXT;

  @Override
  public Integer call() {
    System.out.println(words());
    return ExitCode.OK;
  }

  static String words() {
    return "farslot %s, PCIeoE %d.%d, Java %s"
        .formatted(
            VERSION, FrameFormat.VERSION_MAJOR, FrameFormat.VERSION_MINOR, Runtime.version());
  }
}
