package farslot.cards.virtio;

/** Every bound of the guide: one notification makes it do no more than this. */
final class GuideLimits {
  /** Queues that it knows; a network device with 64 pairs and a control queue has 129. */
  static final int QUEUES_MAX = 256;

  /** Capabilities that are looked at; a list that is longer is a loop. */
  static final int CAPABILITIES_MAX = 48;

  /** New chains of one notification. */
  static final int CHAINS_MAX = 128;

  /** Descriptors of one chain in the queue's own table. */
  static final int DESCRIPTORS_MAX = 128;

  /** An indirect table, bytes: 256 descriptors. */
  static final int TABLE_BYTES_MAX = 4096;

  /** Ranges of structures, and as many of buffers. */
  static final int RANGES_MAX = 512;

  /** A buffer, bytes: what is longer takes its time anyway, and others want the link too. */
  static final int BUFFER_BYTES_MAX = 64 << 10;

  /** With more requests of earlier notifications under way nothing is sent along. */
  static final int UNDER_WAY_MAX = 1;

  private GuideLimits() {}
}
