package farslot.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The lab's demo. {@code ./farslot} starts it without Java, which it has to bring first. */
@Command(
    name = "demo",
    description = {
      "Boot a virtual machine with a far drive, and show what it sees.",
      "Brings what it needs (JDK, Maven, QEMU, a guest kernel); starts an appliance and an initiator that "
          + "talk over TCP. Ends with 'demo: ok'."
    })
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--without-qemu",
      description = "The same story on the built-in software root complex.")
  private boolean withoutQemu;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path program = Path.of(System.getProperty("farslot.home", ".")).resolve("lab/demo");
    List<String> words =
        withoutQemu ? List.of(program.toString(), "--without-qemu") : List.of(program.toString());
    return new ProcessBuilder(words).inheritIO().start().waitFor();
  }
}
