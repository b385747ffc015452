package farslot.manager.access;

import java.util.Objects;

/**
 * A certificate that was signed, or revoked.
 *
 * @param serial in lower-case hex
 * @param authority the first characters of the fingerprint of who signed
 * @param revokedAtMs 0 while it counts
 * @param by who had it signed: an admin, a token's user, or its owner when it was renewed
 */
public record Issued(
    String serial,
    String kind,
    String name,
    String authority,
    long issuedAtMs,
    long expiresAtMs,
    String by,
    long revokedAtMs) {
  public Issued {
    kind = Objects.requireNonNullElse(kind, "");
    name = Objects.requireNonNullElse(name, "");
    authority = Objects.requireNonNullElse(authority, "");
    by = Objects.requireNonNullElse(by, "");
  }

  Issued revoked(long atMs) {
    return new Issued(serial, kind, name, authority, issuedAtMs, expiresAtMs, by, atMs);
  }
}
