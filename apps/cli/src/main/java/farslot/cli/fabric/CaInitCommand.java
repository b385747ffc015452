package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.cli.output.ExitCode;
import farslot.pki.Authority;
import farslot.pki.AuthorityDirectory;
import farslot.pki.PkiException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Begins an authority before there is a manager. */
@Command(
    name = "init",
    description = {
      "Begin an authority in a state directory, before its manager starts for the first time.",
      "'farslot up' does that by itself; this is for a fabric with a name of its own, and for keeping a "
          + "backup of the key before anything depends on it."
    })
public final class CaInitCommand implements Callable<Integer> {
  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description = "The manager's state directory; the authority is in DIR/ca.")
  private Path stateDir;

  @Option(
      names = "--fabric",
      paramLabel = "NAME",
      defaultValue = "farslot",
      description = "The fabric's name (default ${DEFAULT-VALUE}).")
  private String fabric;

  @Override
  public Integer call() throws ApiException {
    Path dir = stateDir == null ? farslot.up.Defaults.stateDir() : stateDir;
    AuthorityDirectory authorities = new AuthorityDirectory(dir.resolve("ca"));
    try {
      Authority begun = authorities.begin(fabric, Instant.now());
      FabricCommand.say("the authority of fabric '%s' is in %s", fabric, authorities.path());
      FabricCommand.say(
          "whoever has its key can let anybody in: keep a backup, and keep it secret");
      System.out.println(begun.fingerprint());
      return ExitCode.OK;
    } catch (PkiException e) {
      ApiError error = authorities.exists() ? ApiError.CONFLICT : ApiError.FAILED;
      throw new ApiException(error, e.what(), e.why(), e.next());
    } catch (IllegalArgumentException e) {
      throw new ApiException(ApiError.BAD_REQUEST, "no authority is begun", e.getMessage(), "");
    }
  }
}
