package farslot.manager.access;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiHandler;
import farslot.api.Caller;
import farslot.api.Router;
import farslot.pki.AuthorityDirectory;
import farslot.pki.Limits;
import farslot.pki.PeerName.Kind;
import farslot.pki.Pem;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import farslot.pki.Renewal;
import farslot.pki.TlsIdentity;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.Transaction;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** All of it, put together for a manager. */
public final class Access {
  private static final Logger LOG = System.getLogger("farslot.manager.access");

  private final StateStore store;
  private final Certificates certificates;
  private final Members members;
  private final Tokens tokens;
  private final Audit audit;
  private final InstantSource clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Trust trust;

  /**
   * @param authorities whose directory need not be there: then nothing is signed, and the fabric
   *     lives by certificates of another authority
   */
  public Access(StateStore store, AuthorityDirectory authorities, InstantSource clock)
      throws ApiException {
    audit = new Audit(store);
    this.store = new AuditedStore(store, audit);
    this.clock = clock;
    certificates = new Certificates(this.store, authorities, clock);
    members = new Members(this.store);
    tokens = new Tokens(this.store, clock);
    trust = Trust.of(certificates);
  }

  public Members members() {
    return members;
  }

  public Audit audit() {
    return audit;
  }

  /** Who asks, for {@code HttpsApi}. */
  public Callers callers() {
    return new Callers(members);
  }

  /** Adds what is asked of this package. */
  public void routes(Router router) {
    new JoinRoutes(this).on(router);
    new CaRoutes(this).on(router);
    new MemberRoutes(this).on(router);
  }

  /**
   * The same handler, with a record of every change: in the same transaction, if the handler
   * changes what is in {@link #store}.
   */
  public ApiHandler audited(ApiHandler handler) {
    return new Audited(handler, audit, store, clock);
  }

  /**
   * Records that somebody was turned away before what he asks for could be looked at.
   *
   * @param what he asks for, as far as it is known
   */
  public void refused(Caller caller, String what, ApiException e) {
    new Audited(_ -> null, audit, store, clock).refused(caller, what, e);
  }

  /**
   * Puts the record of what is asked just now on the disk, before something is changed outside of
   * the store.
   *
   * @throws ApiException if it cannot be recorded; then nothing may be changed
   */
  void recordNow() throws ApiException {
    Optional<AuditEntry> entry = AuditEntry.current();
    if (entry.isPresent()) {
      try {
        audit.commit(Transaction.of(), entry.get());
      } catch (StoreException e) {
        throw Records.failed(e);
      }
    }
  }

  /** Whom everybody should trust just now. */
  public Trust trust() {
    return trust;
  }

  /** After each change of it. */
  void trustChanged() throws ApiException {
    trust = Trust.of(certificates);
    listeners.forEach(Runnable::run);
  }

  /** Hears of each change of whom to trust, on the thread that makes it, before it is answered. */
  public void onTrustChanged(Runnable listener) {
    listeners.add(listener);
  }

  Certificates certificates() {
    return certificates;
  }

  Tokens tokens() {
    return tokens;
  }

  /**
   * The store, for all that is changed on behalf of somebody: the first change that a request makes
   * has its record in the same transaction.
   */
  public StateStore store() {
    return store;
  }

  InstantSource clock() {
    return clock;
  }

  /**
   * Gives a part of this very process its key and certificate, if it has none, and takes care that
   * they are fresh: to be called at the start, and every few minutes. Certificates of another
   * authority are left alone.
   *
   * @param hosts names and addresses at which it is reached
   * @return whether something was written
   */
  public boolean keep(PkiDirectory directory, Kind kind, String name, Collection<String> hosts)
      throws ApiException {
    if (!certificates.hasAuthority()) {
      return false;
    }
    try {
      boolean made = false;
      if (!directory.exists() || due(directory)) {
        KeyPair key = Pem.newKey();
        Certificates.Signed signed =
            certificates.sign(
                key.getPublic(), kind, name, hosts, Limits.CERTIFICATE_LIFETIME, "manager");
        Records.commit(store, Transaction.of(signed.recorded()));
        writeTrust(directory);
        directory.writeIdentity(key.getPrivate(), List.of(signed.certificate()));
        made = true;
        LOG.log(Level.INFO, "{0}/{1} has a new certificate in {2}", kind.word(), name, directory);
      }
      TlsIdentity now = directory.load();
      boolean current =
          now.authorities().equals(certificates.trusted())
              && now.denied().equals(Set.copyOf(trust.denied()));
      if (!current && isOurs(now)) {
        writeTrust(directory);
        made = true;
      }
      return made;
    } catch (PkiException e) {
      throw Certificates.api(e, ApiError.FAILED);
    }
  }

  private void writeTrust(PkiDirectory directory) throws ApiException, PkiException {
    directory.writeTrust(certificates.trusted(), trust.denied());
  }

  private boolean due(PkiDirectory directory) throws ApiException, PkiException {
    TlsIdentity now = directory.load();
    X509Certificate signer = certificates.signer().certificate();
    return isOurs(now) && Renewal.due(now.certificate(), signer, clock.instant());
  }

  /** Whether one of our authorities has signed it, rather than one that somebody else runs. */
  private boolean isOurs(TlsIdentity identity) throws ApiException {
    for (X509Certificate each : certificates.trusted()) {
      if (each.getSubjectX500Principal()
          .equals(identity.chain().getLast().getIssuerX500Principal())) {
        return true;
      }
    }
    // An authority of ours that is trusted no more, after a roll-over while this was off.
    return identity.authorities().stream()
        .anyMatch(
            each -> each.getSubjectX500Principal().getName().contains("Farslot authority of"));
  }
}
