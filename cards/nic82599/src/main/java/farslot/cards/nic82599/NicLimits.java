package farslot.cards.nic82599;

/** Bounds of what a virtual function keeps. */
final class NicLimits {
  /** Pairs of queues: what the 82599 gives each of up to 32 functions. */
  static final int QUEUES = 4;

  /** Descriptors of a queue that are here ahead of their use; a power of two. */
  static final int CACHED_DESCRIPTORS = 128;

  /** Fetches of descriptors under way for a queue: each is a round trip, so several overlap. */
  static final int FETCHES = 4;

  /** Receive descriptors are fetched when so many can be: one round trip for all of them. */
  static final int RECEIVE_FETCH_DESCRIPTORS = 32;

  /** Packets of a transmit queue whose data are on the way; a power of two. */
  static final int PACKETS = 64;

  /** Data of those packets: twice the longest one. */
  static final int TRANSMIT_BYTES = 512 << 10;

  /** Before a packet's data: room for a VLAN tag, and alignment. */
  static final int HEADROOM_BYTES = 16;

  /** Frames that a queue sends before others have their turn. */
  static final int FRAMES_A_TURN = 64;

  /**
   * Frames of a receive queue that wait for descriptors, or for the link: as much as the packet
   * buffer of an 82599 has for all of them. Taken only when it is needed.
   */
  static final int RECEIVE_BYTES = 512 << 10;

  /** IPv6 extension headers that are looked through for TCP and UDP. */
  static final int EXTENSION_HEADERS = 8;

  /**
   * How long a message of the physical function's own waits for the guest to take the answer that
   * stands in the mailbox. Not every driver takes every answer.
   */
  static final long PING_HOLD_NS = 50_000_000;

  private NicLimits() {}
}
