package farslot.manager.access;

import farslot.api.Role;
import java.util.Objects;

/**
 * What is kept of a join token: never its secret.
 *
 * @param hash of its secret, SHA-256 in hex
 * @param kind of the member that it makes
 * @param role of a user
 * @param madeAtMs when, in milliseconds since 1970
 * @param by who made it
 * @param usedAtMs 0 while nobody has
 * @param usedFrom by whom, an address
 */
public record Token(
    String hash,
    String kind,
    String name,
    Role role,
    String tenant,
    long madeAtMs,
    long expiresAtMs,
    String by,
    long usedAtMs,
    String usedFrom) {
  private static final int ID_CHARS = 16;

  public Token {
    role = Objects.requireNonNullElse(role, Role.NONE);
    tenant = Objects.requireNonNullElse(tenant, "");
    by = Objects.requireNonNullElse(by, "");
    usedFrom = Objects.requireNonNullElse(usedFrom, "");
  }

  static String id(String hash) {
    return hash.substring(0, ID_CHARS);
  }

  Token used(long atMs, String from) {
    return new Token(hash, kind, name, role, tenant, madeAtMs, expiresAtMs, by, atMs, from);
  }

  /** What it makes of who uses it. */
  Member member() {
    return new Member(kind, name, role, tenant);
  }
}
