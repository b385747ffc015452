package farslot.up;

import farslot.api.ApiCommand;
import farslot.api.ApiException;
import farslot.appliance.Appliance;
import farslot.config.Version;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.ManagedInitiator;
import farslot.manager.http.HostOptions;
import farslot.manager.http.ManagerHost;
import farslot.pki.PkiException;
import farslot.store.StoreException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

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
    appliance = new Appliance(config.appliance()); // First: it keeps others out of the directory.
    try {
      HostOptions options = HostOptions.of(config.stateDir(), config.fabric(), config.listen());
      host = ManagerHost.open(options, List.of());
    } catch (IOException | RuntimeException e) {
      appliance.close();
      throw e;
    } catch (StoreException e) {
      appliance.close();
      throw new IOException("the manager's store: " + e.getMessage(), e);
    } catch (ApiException | PkiException e) {
      appliance.close();
      throw new IOException("the manager: " + e.getMessage(), e);
    }
    try {
      server = config.server().isPresent() ? server(config.server().get()) : null;
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
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
    try {
      host.close();
    } catch (StoreException e) {
      LOG.log(Level.WARNING, "closing the manager's store", e);
    }
  }
}
