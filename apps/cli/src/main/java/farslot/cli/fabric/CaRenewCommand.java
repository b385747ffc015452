package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.Joining;
import farslot.cli.output.ExitCode;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import farslot.pki.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Renews one's own certificate. */
@Command(
    name = "renew",
    description = {
      "Renew the certificate of this machine or person now, with a new key.",
      "All that is joined does so by itself at two thirds of a certificate's time; this is for when it "
          + "should not wait, or after months away from the fabric."
    })
public final class CaRenewCommand implements Callable<Integer> {
  @Option(
      names = "--manager",
      paramLabel = "HOST[:PORT]",
      description = "Default: what 'farslot join' wrote.")
  private String manager;

  @Option(
      names = "--pki",
      paramLabel = "DIR",
      description = "Whose. Default: of the person who runs this.")
  private Path pki;

  @Override
  public Integer call() throws ApiException, IOException {
    if (!(ManagerFinder.here().find(manager) instanceof ManagerFinder.Place.Address place)) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          "nothing is renewed",
          "a certificate is renewed by its owner over HTTPS, not over a control socket",
          "name the manager: --manager HOST[:7590]");
    }
    PkiDirectory directory = new PkiDirectory(pki == null ? place.credentials() : pki);
    try {
      TlsIdentity now = Joining.renew(place.address(), directory, InstantSource.system());
      FabricCommand.say(
          "%s has a certificate until %s",
          now.name(), Times.at(now.certificate().getNotAfter().getTime()));
      return ExitCode.OK;
    } catch (PkiException e) {
      throw Certified.refused(e);
    }
  }
}
