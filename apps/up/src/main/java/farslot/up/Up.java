package farslot.up;

import farslot.api.ApiCommand;
import farslot.api.ApiException;
import farslot.appliance.Appliance;
import farslot.appliance.StateInUseException;
import farslot.config.Version;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.ManagedInitiator;
import farslot.manager.http.HostOptions;
import farslot.manager.http.ManagerHost;
import farslot.pki.PeerName.Kind;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import farslot.store.StoreException;
import farslot.store.StoreInUseException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An appliance, its manager and, if this machine has guests, an initiator, in one process. What is
 * attached goes on when it is started again: the manager has it in its store, the appliance in its
 * orders.
 */
public final class Up implements AutoCloseable {
  private static final Logger LOG = System.getLogger("farslot.up");

  private final Appliance appliance;
  private final ManagerHost host;

  /** Null where there are no guests. */
  private final ManagedInitiator server;

  /**
   * Makes everything; {@link #start} begins to serve.
   *
   * @throws IOException when the state directory, the manager's store or a port cannot be had
   * @throws farslot.config.ConfigException when a card's part of the configuration is wrong
   */
  public Up(UpConfig config) throws IOException {
    host = host(config);
    Appliance made = null;
    try {
      certify(config);
      made = new Appliance(config.appliance());
      server = config.server().isPresent() ? server(config.server().get()) : null;
    } catch (IOException | RuntimeException e) {
      if (made != null) {
        made.close();
      }
      closeHost();
      throw e;
    }
    appliance = made;
  }

  /** First of all: it keeps others out of the directory. */
  private static ManagerHost host(UpConfig config) throws IOException {
    try {
      return ManagerHost.open(
          HostOptions.of(config.stateDir(), config.fabric(), config.listen()), List.of());
    } catch (StoreInUseException e) {
      throw new StateInUseException(config.stateDir());
    } catch (StoreException e) {
      throw new IOException("the manager's store: " + e.getMessage(), e);
    } catch (ApiException | PkiException e) {
      throw new IOException("the manager: " + e.getMessage(), e);
    }
  }

  /** The parts in this process have certificates like all others. */
  private void certify(UpConfig config) throws IOException {
    try {
      keep(config.appliance().pki(), Kind.APPLIANCE, config.appliance().name());
      if (config.server().isPresent()) {
        keep(config.server().get().pki(), Kind.INITIATOR, config.server().get().name());
      }
    } catch (ApiException e) {
      throw new IOException("certificates: " + e.getMessage(), e);
    }
  }

  private void keep(Optional<Path> pki, Kind kind, String name) throws ApiException {
    if (pki.isPresent()) {
      host.keep(new PkiDirectory(pki.get()), kind, name, List.of());
    }
  }

  private static ManagedInitiator server(InitiatorConfig config) throws IOException {
    Files.createDirectories(config.runDir());
    return new ManagedInitiator(config, Version.TEXT);
  }

  /** Begins to serve, on threads of its own. */
  public void start() throws IOException, InterruptedException {
    appliance.start(Map.of(ApiCommand.NAME, new ApiCommand(host.api())));
    appliance.attend(host.port());
    if (server != null) {
      server.start(host.port());
    }
  }

  public Appliance appliance() {
    return appliance;
  }

  public ManagerHost host() {
    return host;
  }

  /** Waits until it has been closed. */
  public void join() throws InterruptedException {
    appliance.join();
  }

  /** Says goodbye to all servers, and ends with everything on the disk. */
  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    appliance.close(); // Before its manager: nobody is to be told that that is away.
    closeHost();
  }

  private void closeHost() {
    try {
      host.close();
    } catch (StoreException e) {
      LOG.log(Level.WARNING, "closing the manager's store", e);
    }
  }
}
