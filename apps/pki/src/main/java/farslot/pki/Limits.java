package farslot.pki;

import java.time.Duration;

/** How large and how old things may be. */
public final class Limits {
  /** A certificate's time; renewed at two thirds of it. */
  public static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(90);

  /** An authority's time. */
  public static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);

  /** Certificates begin so much earlier: for whoever's clock is behind. */
  public static final Duration BACKDATED = Duration.ofHours(24);

  /** A join token's time. */
  public static final Duration TOKEN_LIFETIME_MIN = Duration.ofSeconds(10);

  public static final Duration TOKEN_LIFETIME = Duration.ofHours(1);
  public static final Duration TOKEN_LIFETIME_MAX = Duration.ofDays(30);

  /** A file of a {@link PkiDirectory}. */
  static final int FILE_BYTES_MAX = 256 << 10;

  /** Certificates that a peer may show, its own included. */
  static final int CHAIN_MAX = 6;

  /** Authorities that may be trusted at the same time. */
  static final int AUTHORITIES_MAX = 16;

  /** Serial numbers that may be denied at the same time. */
  public static final int DENIED_MAX = 10_000;

  /** A request for a certificate, as PEM. */
  public static final int REQUEST_BYTES_MAX = 8 << 10;

  private Limits() {}
}
