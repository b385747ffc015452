package farslot.manager.http;

import farslot.api.ApiException;
import farslot.api.ApiHandler;
import farslot.api.agent.ManagerPort;
import farslot.manager.access.Access;
import farslot.manager.engine.Manager;
import farslot.manager.engine.Part;
import farslot.manager.profiles.Profiles;
import farslot.pki.AuthorityDirectory;
import farslot.pki.PeerName.Kind;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import farslot.pki.Tls;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.file.FileStateStore;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A manager with all that it needs, in one directory:
 *
 * <pre>
 *   store/        what it remembers
 *   ca/           its authority; begun when there is none, and no certificate of another one
 *   pki/manager/  its own key and certificate
 * </pre>
 *
 * <p>It is reached by whoever has its process's control socket ({@link #api}), and over HTTPS if
 * there is an address to listen at.
 */
public final class ManagerHost implements AutoCloseable {
  private static final Logger LOG = System.getLogger("farslot.manager");
  private static final long KEEP_MINUTES = 5;

  private final StateStore store;
  private final Access access;
  private final Manager manager;
  private final ApiHandler api;
  private final HostOptions options;
  private final PkiDirectory own;
  private final ScheduledExecutorService keeper =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("manager certificates").unstarted(task));
  private final List<Kept> others = new ArrayList<>();
  private Tls tls;
  private HttpsApi https;

  private record Kept(PkiDirectory directory, Kind kind, String name, List<String> hosts) {}

  private ManagerHost(HostOptions options, StateStore store, List<Part> parts)
      throws ApiException, StoreException, PkiException {
    this.options = options;
    this.store = store;
    own = new PkiDirectory(options.dir().resolve("pki/manager"));
    AuthorityDirectory authorities = new AuthorityDirectory(options.dir().resolve("ca"));
    if (!authorities.exists() && !own.exists()) {
      authorities.begin(options.fabric(), options.clock().instant());
      LOG.log(
          Level.INFO,
          "a new authority of fabric ''{0}'' is in {1}: keep a backup of it",
          options.fabric(),
          authorities.path());
    }
    access = new Access(store, authorities, options.clock());
    List<Part> all = new ArrayList<>(parts);
    all.add(new AccessPart(access));
    all.add(new Profiles());
    manager = new Manager(access.store(), options.manager(), all);
    api = access.audited(manager.api());
  }

  /**
   * Opens everything, and begins.
   *
   * @param parts what it does besides assignments, profiles and access
   * @throws PkiException if the manager's certificates cannot be used
   * @throws IOException if it cannot listen
   */
  public static ManagerHost open(HostOptions options, List<Part> parts)
      throws ApiException, StoreException, PkiException, IOException {
    StateStore store = FileStateStore.open(options.dir().resolve("store"));
    ManagerHost host = null;
    try {
      host = new ManagerHost(options, store, parts);
      host.begin();
      return host;
    } catch (ApiException | StoreException | PkiException | IOException | RuntimeException e) {
      if (host == null) {
        store.close();
      } else {
        host.close();
      }
      throw e;
    }
  }

  private void begin() throws ApiException, PkiException, IOException {
    manager.start();
    keep();
    access.onTrustChanged(this::keepQuietly);
    keeper.scheduleWithFixedDelay(this::keepQuietly, KEEP_MINUTES, KEEP_MINUTES, TimeUnit.MINUTES);
    if (options.listen().isPresent()) {
      tls = Tls.checkedLater(own, EnumSet.complementOf(EnumSet.of(Kind.MANAGER)), options.clock());
      https = new HttpsApi(options.listen().get(), tls, access, api);
    }
  }

  private synchronized void keep() throws ApiException {
    access.keep(own, Kind.MANAGER, options.name(), options.hosts());
    for (Kept each : others) {
      access.keep(each.directory(), each.kind(), each.name(), each.hosts());
    }
    if (tls != null) {
      tls.reload();
    }
  }

  private void keepQuietly() {
    try {
      keep();
    } catch (ApiException | RuntimeException e) {
      LOG.log(Level.WARNING, "the manager''s own certificate is not up to date: {0}", e);
    }
  }

  public Manager manager() {
    return manager;
  }

  public Access access() {
    return access;
  }

  /** What its control socket answers with: every change is recorded. */
  public ApiHandler api() {
    return api;
  }

  /** How agents in this process speak with it. */
  public ManagerPort port() {
    return manager.port();
  }

  /** Where it listens; empty if it does not. */
  public Optional<InetSocketAddress> address() {
    return https == null ? Optional.empty() : Optional.of(https.address());
  }

  /**
   * Gives a part of this process its own key and certificate, and keeps them fresh as long as this
   * lives. Does nothing where another authority signs.
   */
  public synchronized void keep(PkiDirectory directory, Kind kind, String name, List<String> hosts)
      throws ApiException {
    access.keep(directory, kind, name, hosts);
    others.add(new Kept(directory, kind, name, List.copyOf(hosts)));
  }

  /** Ends everything, in order. What is attached goes on. */
  @Override
  public void close() throws StoreException {
    keeper.shutdownNow();
    if (https != null) {
      https.close();
    }
    manager.close();
    store.close();
  }
}
