package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.cli.output.ExitCode;
import farslot.cli.output.OutputOption;
import farslot.cli.output.Terminal;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** What commands that ask the manager have in common. */
abstract class FabricCommand implements Callable<Integer> {
  @CommandLine.Spec protected CommandLine.Model.CommandSpec spec;
  @Mixin protected ManagerOption manager;
  @Mixin protected OutputOption output;

  /**
   * Does it.
   *
   * @return the exit status
   */
  abstract int run(ApiClient client) throws ApiException, IOException, InterruptedException;

  @Override
  public final Integer call() throws ApiException, IOException, InterruptedException {
    check();
    try (ApiClient client = manager.connect()) {
      return run(client, this::run);
    }
  }

  /** What is asked of a manager. */
  interface Asking {
    int ask(ApiClient client) throws ApiException, IOException, InterruptedException;
  }

  /** Asks; a manager that is not there is said to be so in words that help. */
  static int run(ApiClient client, Asking asking)
      throws ApiException, IOException, InterruptedException {
    try {
      return asking.ask(client);
    } catch (ApiException e) {
      throw Meant.helped(client, e);
    } catch (NoSuchFileException e) {
      throw unreachable(client, "there is no such socket");
    } catch (ConnectException e) {
      throw unreachable(client, "nobody listens there");
    }
  }

  private static ApiException unreachable(ApiClient client, String why) {
    return new ApiException(
        ApiError.UNAVAILABLE,
        "the manager at %s cannot be reached".formatted(client.describe()),
        why,
        "farslot up, or name another by --manager or " + ManagerFinder.VARIABLE);
  }

  /** Refuses what makes no sense, before anybody is asked. */
  void check() throws ApiException {}

  static Terminal terminal() {
    return Terminal.current();
  }

  /** What happened, for whoever watches; never among the answers. */
  static void say(String format, Object... args) {
    System.err.println("farslot: " + String.format(format, args));
  }

  CommandLine.ParameterException usage(String what) {
    return new CommandLine.ParameterException(spec.commandLine(), what);
  }

  /** A refusal of this program's own, in the words of the manager's. */
  static ApiException refused(ApiError error, String what, String why, String next) {
    return new ApiException(error, what, why, next);
  }

  static final int OK = ExitCode.OK;
}
