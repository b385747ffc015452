package farslot.cards.virtio;

import farslot.cards.virtio.spec.Blk;
import farslot.function.BackEnds;
import farslot.function.BlockStore;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.SerialIdentity;

/**
 * What a person says about a disk.
 *
 * @param serial what GET_ID answers; may be empty, and may change from server to server
 * @param queues request queues, 1 to {@link VirtioLimits#QUEUES_MAX}
 * @param queueSize entries of each at most, a power of two
 * @param blockBytes logical block size, 512 or 4096
 * @param store what stands behind it
 */
record VirtioConfig(
    SerialIdentity serial, int queues, int queueSize, int blockBytes, BlockStore store) {
  static VirtioConfig read(CardConfig config, BackEnds backEnds) throws CardConfigException {
    String serial = serial(config);
    int queues =
        (int) config.number("queues", VirtioLimits.QUEUES_DEFAULT, 1, VirtioLimits.QUEUES_MAX);
    int queueSize =
        (int)
            config.number(
                "queue-size",
                VirtioLimits.QUEUE_SIZE_DEFAULT,
                VirtioLimits.QUEUE_SIZE_MIN,
                VirtioLimits.QUEUE_SIZE_MAX);
    if (Integer.bitCount(queueSize) != 1) {
      throw config.wrong("queue-size", "a power of two, such as 256");
    }
    long blockBytes = config.size("block-size", 512);
    if (blockBytes != 512 && blockBytes != 4096) {
      throw config.wrong("block-size", "512 or 4096");
    }
    BlockStore store = backEnds.block(config);
    try {
      config.finish();
      if (store.sizeBytes() < 4096) {
        throw new CardConfigException(config.where() + ": a disk has at least 4096 bytes");
      }
    } catch (CardConfigException e) {
      store.close();
      throw e;
    }
    return new VirtioConfig(new SerialIdentity(serial), queues, queueSize, (int) blockBytes, store);
  }

  private static String serial(CardConfig config) throws CardConfigException {
    String serial = config.string("serial", "");
    boolean printable = serial.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
    if (serial.length() > Blk.ID_BYTES || !printable) {
      throw config.wrong("serial", "at most 20 printable ASCII characters");
    }
    return serial;
  }

  /** One vector for each queue and one for configuration changes. */
  int vectors() {
    return queues + 1;
  }

  /** Capacity; what is left over behind the last whole block is not used. */
  long sectors() {
    return store.sizeBytes() / blockBytes * (blockBytes >> Blk.SECTOR_SHIFT);
  }

  /** SEG_MAX: a request is never longer than its queue, header and status included. */
  int segmentsMax() {
    return queueSize - 2;
  }
}
