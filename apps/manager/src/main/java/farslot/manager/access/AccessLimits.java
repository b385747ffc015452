package farslot.manager.access;

import java.time.Duration;

/** How much is kept of what, and for how long. */
public final class AccessLimits {
  /** Tokens that can be used. */
  public static final int TOKENS_MAX = 1_000;

  /** Members, of all kinds. */
  public static final int MEMBERS_MAX = 5_000;

  /** Certificates that are remembered. */
  public static final int CERTIFICATES_MAX = 10_000;

  /** Records of changes; the oldest go. */
  public static final int AUDIT_MAX = 10_000;

  /** Of these, what was refused: whoever asks for ever other things pushes out nothing else. */
  public static final int AUDIT_REFUSED_MAX = 2_000;

  /** Used and expired tokens, and expired certificates, are remembered so long. */
  static final Duration REMEMBERED = Duration.ofDays(30);

  /** By how much the clock may have gone back since a token was made. */
  static final Duration CLOCK_SLACK = Duration.ofMinutes(10);

  /** The longest that somebody may wait for a change of what is trusted. */
  static final Duration TRUST_WAIT_MAX = Duration.ofSeconds(60);

  private AccessLimits() {}
}
