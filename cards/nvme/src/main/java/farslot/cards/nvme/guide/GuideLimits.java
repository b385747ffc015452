package farslot.cards.nvme.guide;

/** Every bound of the guide. What is beyond is left to the controller's own reads. */
final class GuideLimits {
  /** Entries of one doorbell that are looked at. */
  static final int ENTRIES_MAX = 256;

  /** Entries that are read at once: a page of them. */
  static final int BATCH_ENTRIES = 64;

  /** Highest submission queue identifier that is known. */
  static final int QUEUE_ID_MAX = 1023;

  /** Highest namespace identifier whose block size is known. */
  static final int NAMESPACE_ID_MAX = 1024;

  /** Identify commands whose data is waited for. */
  static final int IDENTIFIES_MAX = 16;

  /**
   * Asynchronous Event Requests whose answer is waited for; a controller takes 16 at most usually.
   */
  static final int EVENT_REQUESTS_MAX = 16;

  /** Longest data of a command that is pushed, bytes; longer data is fetched by the controller. */
  static final int DATA_BYTES_MAX = 32 << 10;

  /** Data that one doorbell pushes, bytes; see the same bound of the root port. */
  static final int DOORBELL_DATA_BYTES_MAX = 512 << 10;

  /** Longest data of a command whose list is walked, bytes. */
  static final int WALKED_BYTES_MAX = 1 << 20;

  /** Pieces of lists and segments that are read for one doorbell, 4 KiB each at most. */
  static final int LISTS_MAX = 256;

  /** Descriptors of one command. */
  static final int DESCRIPTORS_MAX = 1024;

  /** A piece of a list or segment that is read at once, bytes. */
  static final int LIST_BYTES = 4096;

  private GuideLimits() {}
}
