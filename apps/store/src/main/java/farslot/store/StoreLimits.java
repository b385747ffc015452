package farslot.store;

import java.time.Duration;

/** What every store takes, and none has to take more of. */
public final class StoreLimits {
  /** Characters of a key, 1 at least, each of printable ASCII without the blank. */
  public static final int KEY_CHARS_MAX = 512;

  public static final int VALUE_BYTES_MAX = 256 << 10;

  /** Compares of a transaction, and actions of each of its branches. */
  public static final int TRANSACTION_ITEMS_MAX = 128;

  /** Keys and values of one branch together. */
  public static final int TRANSACTION_BYTES_MAX = 1 << 20;

  /** Keys that one transaction, or the end of one lease, changes. */
  public static final int CHANGES_MAX = 10_000;

  /** Keys of one answer; {@link RangeResult#more()} says that there are others. */
  public static final int RANGE_KEYS_MAX = 10_000;

  /** Events after which a {@link WatchBatch} ends, behind a whole revision. */
  public static final int WATCH_BATCH_EVENTS = 1_000;

  public static final int LEASES_MAX = 10_000;
  public static final Duration LEASE_TTL_MIN = Duration.ofSeconds(1);
  public static final Duration LEASE_TTL_MAX = Duration.ofDays(1);

  private StoreLimits() {}
}
