package farslot.pki;

import java.util.Optional;

/** A key, a certificate or a token cannot be used: what, why, and what to do next. */
public final class PkiException extends Exception {
  private static final long serialVersionUID = 1;

  /** What is wrong, for programs. */
  public enum Reason {
    /** The file, or what the peer should have shown, is not there. */
    MISSING,
    /** It is not what it should be at all. */
    MALFORMED,
    /** Somebody else signed it. */
    OTHER_AUTHORITY,
    EXPIRED,
    NOT_YET_VALID,
    NO_NAME,
    OTHER_FABRIC,
    OTHER_KIND,
    OTHER_NAME,
    WRONG_USAGE,
    /** It was revoked. */
    DENIED,
    /** A private key that others can read, or that does not belong to the certificate. */
    KEY,
    /** The host says no. */
    HOST
  }

  private final Reason reason;
  private final String what;
  private final String why;
  private final String next;

  public PkiException(Reason reason, String what, String why, String next) {
    super(what + "\n  why:  " + why + "\n  next: " + next);
    this.reason = reason;
    this.what = what;
    this.why = why;
    this.next = next;
  }

  PkiException(Reason reason, String what, String why, String next, Throwable cause) {
    this(reason, what, why, next);
    initCause(cause);
  }

  public Reason reason() {
    return reason;
  }

  public String what() {
    return what;
  }

  public String why() {
    return why;
  }

  public String next() {
    return next;
  }

  /** The one that a failed handshake carries, if it failed because of one. */
  public static Optional<PkiException> in(Throwable thrown) {
    Throwable at = thrown;
    for (int depth = 0; at != null && depth < 16; depth++, at = at.getCause()) {
      if (at instanceof PkiException found) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }
}
