package farslot.manager.access;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.manager.access.Records.Kept;
import farslot.manager.model.Paths;
import farslot.pki.Authority;
import farslot.pki.AuthorityDirectory;
import farslot.pki.Csr;
import farslot.pki.Limits;
import farslot.pki.PeerName.Kind;
import farslot.pki.PkiException;
import farslot.pki.Words;
import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.StateStore;
import farslot.store.Transaction;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Certificates of the built-in authority: signed, remembered, revoked. */
final class Certificates {
  private static final int AUTHORITY_CHARS = 12;

  /** Certificates that one transaction changes. */
  private static final int AT_ONCE = 50;

  /** A certificate, and the record of it, which the signer commits before he hands it out. */
  record Signed(X509Certificate certificate, Action recorded) {}

  private final StateStore store;
  private final AuthorityDirectory authorities;
  private final InstantSource clock;
  private final Records<Issued> records;

  Certificates(StateStore store, AuthorityDirectory authorities, InstantSource clock) {
    this.store = store;
    this.authorities = authorities;
    this.clock = clock;
    records = new Records<>(store, "/access/certificates/", Issued.class);
  }

  /**
   * Whether there is an authority of ours; a fabric may live by certificates of another one alone.
   */
  boolean hasAuthority() {
    return authorities.exists();
  }

  /** The authority that signs. */
  Authority signer() throws ApiException {
    if (!hasAuthority()) {
      throw new ApiException(
          ApiError.CONFLICT,
          "nothing is signed here",
          "this manager has no authority of its own",
          "begin one: 'farslot ca init', or have your own authority sign");
    }
    try {
      return authorities.signer();
    } catch (PkiException e) {
      throw api(e, ApiError.FAILED);
    }
  }

  List<X509Certificate> trusted() throws ApiException {
    try {
      return hasAuthority() ? authorities.trusted() : List.of();
    } catch (PkiException e) {
      throw api(e, ApiError.FAILED);
    }
  }

  AuthorityDirectory authorities() {
    return authorities;
  }

  static ApiException api(PkiException e, ApiError error) {
    return new ApiException(error, e.what(), e.why(), e.next());
  }

  static PublicKey key(String csr) throws ApiException {
    try {
      return Csr.read(csr);
    } catch (PkiException e) {
      throw api(e, ApiError.BAD_REQUEST);
    }
  }

  /** Signs; it counts for nobody until {@code recorded} is committed. */
  Signed sign(
      PublicKey key, Kind kind, String name, Collection<String> hosts, Duration lifetime, String by)
      throws ApiException {
    Authority authority = signer();
    Instant now = clock.instant();
    X509Certificate certificate;
    try {
      certificate = authority.issue(key, kind, name, hosts, lifetime, now);
    } catch (PkiException e) {
      throw api(
          e, e.reason() == PkiException.Reason.MALFORMED ? ApiError.BAD_REQUEST : ApiError.FAILED);
    }
    Issued issued =
        new Issued(
            Words.serial(certificate.getSerialNumber()),
            kind.word(),
            name,
            authority.fingerprint().substring(0, AUTHORITY_CHARS),
            now.toEpochMilli(),
            certificate.getNotAfter().getTime(),
            by,
            0);
    prune(now);
    return new Signed(certificate, records.put(issued.serial(), issued));
  }

  /** All that is remembered, the last first. */
  List<Issued> all() throws ApiException {
    return records.all().stream()
        .map(Kept::value)
        .sorted(Comparator.comparingLong(Issued::issuedAtMs).reversed())
        .toList();
  }

  /** Serial numbers that were revoked. */
  Set<String> denied() throws ApiException {
    Set<String> all = new TreeSet<>();
    for (Kept<Issued> each : records.all()) {
      if (each.value().revokedAtMs() != 0) {
        all.add(each.value().serial());
      }
    }
    return all;
  }

  /**
   * Revokes one certificate, known or not: one of a lost store is denied as well.
   *
   * @return what is denied from now on
   */
  List<Issued> revokeSerial(String serial) throws ApiException {
    String known = serial.toLowerCase(java.util.Locale.ROOT).replaceFirst("^0+(?=.)", "");
    if (!known.matches("[0-9a-f]{1,40}")) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          "'" + Words.safe(serial) + "' is not revoked",
          "it is neither KIND/NAME nor a serial number in hex",
          "farslot ca list");
    }
    Issued issued =
        records.get(known).map(Kept::value).orElse(new Issued(known, "", "", "", 0, 0, "", 0));
    return revoke(List.of(issued), List.of());
  }

  /** Revokes all that somebody has, and what he may do. */
  List<Issued> revokeMember(String kind, String name, List<Action> andDo) throws ApiException {
    List<Issued> his = new ArrayList<>();
    for (Kept<Issued> each : records.all()) {
      Issued issued = each.value();
      if (issued.kind().equals(kind) && issued.name().equals(name) && issued.revokedAtMs() == 0) {
        his.add(issued);
      }
    }
    return revoke(his, andDo);
  }

  private List<Issued> revoke(List<Issued> all, List<Action> andDo) throws ApiException {
    long nowMs = Math.max(1, clock.millis());
    if (denied().size() + all.size() > Limits.DENIED_MAX) {
      throw new ApiException(
          ApiError.CONFLICT,
          "nothing is revoked",
          Limits.DENIED_MAX + " certificates are denied already",
          "replace the authority, which denies them all: 'farslot ca rotate'");
    }
    List<Issued> revoked = new ArrayList<>();
    // Transactions have a bound; each part holds for itself, and the call can be made again.
    for (int from = 0; from < all.size() || from == 0; from += AT_ONCE) {
      List<Action> actions = new ArrayList<>(from == 0 ? andDo : List.of());
      for (Issued each : all.subList(from, Math.min(from + AT_ONCE, all.size()))) {
        Issued now = each.revokedAtMs() == 0 ? each.revoked(nowMs) : each;
        actions.add(records.put(now.serial(), now));
        // Orders tell agents of it at once.
        actions.add(Action.put(Paths.REVOKED.from() + now.serial(), Bytes.utf8("revoked")));
        revoked.add(now);
      }
      if (!actions.isEmpty()) {
        Records.commit(store, new Transaction(List.of(), actions, List.of()));
      }
    }
    return revoked;
  }

  /**
   * What expired long ago is forgotten, so that there is room. What was revoked is never forgotten
   * because of its age: a clock that was a year ahead for a moment must not bring it back.
   */
  private void prune(Instant now) throws ApiException {
    List<Kept<Issued>> all = records.all();
    if (all.size() < AccessLimits.CERTIFICATES_MAX / 2) {
      return;
    }
    long beforeMs = now.minus(AccessLimits.REMEMBERED).toEpochMilli();
    List<Action> gone = new ArrayList<>();
    for (Kept<Issued> each : all) {
      boolean over = each.value().revokedAtMs() == 0 && each.value().expiresAtMs() < beforeMs;
      if (over && gone.size() < AT_ONCE) {
        gone.add(records.delete(each.id()));
      }
    }
    if (!gone.isEmpty()) {
      Records.commit(store, new Transaction(List.of(), gone, List.of()));
    } else if (all.size() >= 2 * AccessLimits.CERTIFICATES_MAX) {
      throw new ApiException(
          ApiError.CONFLICT,
          "nothing is signed",
          all.size() + " certificates are remembered",
          "revoke what is not needed, and replace the authority: 'farslot ca rotate'");
    }
  }
}
