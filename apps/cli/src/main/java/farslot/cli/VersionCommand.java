package farslot.cli;

import farslot.cli.output.ExitCode;
import farslot.config.Version;
import farslot.link.FrameFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Says what this is. */
@Command(
    name = "version",
    description = "Print the versions of Farslot, of its protocol and of Java.")
final class VersionCommand implements Callable<Integer>, CommandLine.IVersionProvider {
  static final String VERSION = Version.TEXT;

  @Override
  public Integer call() {
    System.out.println(words());
    return ExitCode.OK;
  }

  @Override
  public String[] getVersion() {
    return new String[] {words()};
  }

  static String words() {
    return "farslot %s, PCIeoE %d.%d, Java %s"
        .formatted(
            VERSION, FrameFormat.VERSION_MAJOR, FrameFormat.VERSION_MINOR, Runtime.version());
  }
}
