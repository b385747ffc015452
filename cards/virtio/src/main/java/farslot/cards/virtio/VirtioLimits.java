package farslot.cards.virtio;

/** Every bound of the device. */
final class VirtioLimits {
  /** Request queues: their notification registers fit one page, their vectors another. */
  static final int QUEUES_MAX = 64;

  /** As many processors as most servers give one disk; drivers take no more than they have. */
  static final int QUEUES_DEFAULT = 8;

  /** Entries of a queue, powers of two. */
  static final int QUEUE_SIZE_MIN = 4;

  static final int QUEUE_SIZE_MAX = 1024;
  static final int QUEUE_SIZE_DEFAULT = 256;

  /** Descriptors of one request, indirect ones included; more is a loop. */
  static final int CHAIN_MAX = 1024;

  /** SIZE_MAX: bytes of one segment. */
  static final int SEGMENT_BYTES_MAX = 1 << 20;

  /** Requests under way: further ones stay in their rings. */
  static final int REQUESTS_MAX = 1024;

  /** Data that most requests carry fits here, bytes. */
  static final int SMALL_BYTES = 16 << 10;

  /** Data of longer ones go through in pieces of this, bytes. */
  static final int CHUNK_BYTES = 256 << 10;

  /** With the next, 32 MiB at most; requests wait for a buffer in the order of their coming. */
  static final int SMALL_BUFFERS_MAX = 1024;

  static final int LARGE_BUFFERS_MAX = 64;

  /** DMA reads under way for one request; more of its pieces follow as these come. */
  static final int RECEIVES_MAX = 32;

  /** Ranges of one DISCARD or WRITE_ZEROES. */
  static final int RANGES_MAX = 32;

  /** Sectors of one such range: 2 GiB, so that others get their turn. */
  static final int RANGE_SECTORS_MAX = 1 << 22;

  private VirtioLimits() {}
}
