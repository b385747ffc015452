package farslot.cards.nic82599.guide;

/** Bounds of what one doorbell makes the guide do. */
final class GuideLimits {
  /** Queues of a function, of either kind, that there are registers for. */
  static final int QUEUES = 8;

  /** Descriptors that are looked at; of more the card asks for all. */
  static final int DESCRIPTORS_MAX = 256;

  /** Data that is pushed, bytes; what is longer is fetched by the card. */
  static final int DATA_BYTES_MAX = 256 << 10;

  private GuideLimits() {}
}
