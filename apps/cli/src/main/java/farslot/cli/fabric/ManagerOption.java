package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.api.client.ControlTransport;
import farslot.api.client.HttpsTransport;
import farslot.pki.PeerName.Kind;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import farslot.pki.Tls;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which manager is asked. */
public final class ManagerOption {
  @Option(
      names = "--manager",
      paramLabel = "WHERE",
      description =
          "Which manager: its control socket, state directory or configuration file, or HOST[:7590]. "
              + "Default: $FARSLOT_MANAGER, what 'farslot join' wrote, or the one of this machine.")
  private String manager;

  /** A client of it. Nothing has been asked yet. */
  public ApiClient connect() throws ApiException, IOException {
    return switch (ManagerFinder.here().find(manager)) {
      case ManagerFinder.Place.Socket socket -> new ApiClient(new ControlTransport(socket.path()));
      case ManagerFinder.Place.Address at -> new ApiClient(https(at));
    };
  }

  private static HttpsTransport https(ManagerFinder.Place.Address at) throws ApiException {
    PkiDirectory own = new PkiDirectory(at.credentials());
    if (!own.exists()) {
      throw new ApiException(
          ApiError.UNAUTHENTICATED,
          "there is no certificate to show to " + at.address(),
          "none in " + at.credentials(),
          "farslot join, with a token from farslot ca token on the manager's machine");
    }
    try {
      InstantSource clock = InstantSource.system();
      return new HttpsTransport(at.address(), Tls.open(own, Set.of(Kind.MANAGER), clock), clock);
    } catch (PkiException e) {
      throw Certified.refused(e);
    }
  }
}
