package farslot.cli;

import farslot.cli.output.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows that it works here. */
@Command(
    name = "selftest",
    description = {
      "Show that it works on this machine, without QEMU.",
      "Starts an appliance and an initiator that talk over TCP on loopback, enumerates the drive on "
          + "the built-in software root complex, writes, reads back, breaks the connection in the "
          + "middle of it, and finds the bytes in the disk image. Ends with 'selftest: ok' and status "
          + "0, or 'selftest: failed: why' and 1."
    })
final class SelftestCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    Logs.quiet();
    try {
      Selftest.inTemporaryDirectory(System.out);
    } catch (Exception e) {
      System.out.println("selftest: failed: " + (e.getMessage() == null ? e : e.getMessage()));
      return ExitCode.FAILED;
    }
    System.out.println("selftest: ok");
    return ExitCode.OK;
  }
}
