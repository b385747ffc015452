package farslot.cards.nvme;

import farslot.function.BackEnds;
import farslot.function.BlockStore;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.SerialIdentity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What a person says about a drive.
 *
 * @param serial Linux refuses a second drive with the same; may change from server to server
 * @param model up to 40
 * @param firmware up to 8
 * @param queues I/O queue pairs, 1 to {@link NvmeLimits#QUEUES_MAX}
 * @param vendorId PCI
 * @param deviceId PCI
 * @param namespaces numbered from 1 in the order of the list
 */
record NvmeConfig(
    SerialIdentity serial,
    String model,
    String firmware,
    int queues,
    int vendorId,
    int deviceId,
    List<Namespace> namespaces) {
  /** In no list of quirks: drivers take the card for what it says it is. */
  static final int VENDOR_ID = 0xFA51;

  static final int DEVICE_ID = 0x0001;

  static NvmeConfig read(CardConfig config, BackEnds backEnds) throws CardConfigException {
    String serial = text(config, "serial", 20, newSerial());
    String model = text(config, "model", 40, "Farslot NVMe");
    String firmware = text(config, "firmware", 8, "1.0");
    int queues = (int) config.number("queues", NvmeLimits.QUEUES_DEFAULT, 1, NvmeLimits.QUEUES_MAX);
    int vendorId = (int) config.number("vendor-id", VENDOR_ID, 0, 0xFFFE);
    int deviceId = (int) config.number("device-id", DEVICE_ID, 0, 0xFFFF);
    List<CardConfig> namespaces = config.list("namespaces");
    config.finish();
    if (namespaces.isEmpty() || namespaces.size() > NvmeLimits.NAMESPACES_MAX) {
      throw new CardConfigException(
          config.where()
              + ": 'namespaces' should list 1 to "
              + NvmeLimits.NAMESPACES_MAX
              + " of them, such as '- ram: 1GiB' or '- file: /srv/disk.img'");
    }
    return new NvmeConfig(
        new SerialIdentity(serial),
        model,
        firmware,
        queues,
        vendorId,
        deviceId,
        open(serial, namespaces, backEnds));
  }

  /** Of the subsystem, derived from the serial number. */
  UUID uuid() {
    return uuid(serial.text());
  }

  /** Of all namespaces. */
  long capacityBytes() {
    return namespaces.stream().mapToLong(namespace -> namespace.store.sizeBytes()).sum();
  }

  /** One vector for the admin queue and one for each I/O completion queue. */
  int vectors() {
    return queues + 1;
  }

  /**
   * A new one each time: two drives with one serial are refused by Linux when they meet in a
   * server, so whoever wants it to stay gives it.
   */
  private static String newSerial() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, 20);
  }

  private static UUID uuid(String text) {
    return UUID.nameUUIDFromBytes(("farslot:" + text).getBytes(StandardCharsets.UTF_8));
  }

  private static String text(CardConfig config, String key, int max, String otherwise)
      throws CardConfigException {
    String value = config.string(key, otherwise);
    boolean printable = value.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
    if (value.isBlank() || value.length() > max || !printable) {
      throw config.wrong(key, "1 to " + max + " printable ASCII characters");
    }
    return value;
  }

  private static List<Namespace> open(String serial, List<CardConfig> configs, BackEnds backEnds)
      throws CardConfigException {
    List<Namespace> namespaces = new ArrayList<>();
    try {
      for (CardConfig config : configs) {
        int nsid = namespaces.size() + 1;
        namespaces.add(namespace(config, nsid, uuid(serial + ":" + nsid), backEnds));
      }
    } catch (CardConfigException e) {
      namespaces.forEach(namespace -> namespace.store.close());
      throw e;
    }
    return List.copyOf(namespaces);
  }

  private static Namespace namespace(CardConfig config, int nsid, UUID uuid, BackEnds backEnds)
      throws CardConfigException {
    int wanted = Namespace.formatOf(config.size("block-size", 512));
    if (wanted < 0) {
      throw config.wrong("block-size", "512 or 4096");
    }
    BlockStore store = backEnds.block(config);
    try {
      config.finish();
      if (store.sizeBytes() < 4096) {
        throw new CardConfigException(config.where() + ": a namespace has at least 4096 bytes");
      }
    } catch (CardConfigException e) {
      store.close();
      throw e;
    }
    // What a server has formatted stays as it is: its filesystem counts in those blocks.
    int formatted = Namespace.formatOf(store.blockBytes());
    return new Namespace(nsid, uuid, store, formatted < 0 ? wanted : formatted);
  }
}
