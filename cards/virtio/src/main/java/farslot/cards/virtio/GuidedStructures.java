package farslot.cards.virtio;

import farslot.cards.virtio.spec.PciCap;
import farslot.function.GuidePort;

/** Where a device has its common configuration and its notifications: its capabilities say it. */
final class GuidedStructures {
  private int commonBar = -1;
  private long commonOffset;
  private int notifyBar = -1;
  private long notifyOffset;
  private long notifyBytes;

  /** Looks for them; the first of each kind counts (4.1.4.1). */
  void find(GuidePort port) {
    commonBar = -1;
    notifyBar = -1;
    int at = port.configDw(PciCap.LIST) & 0xFC;
    for (int i = 0; i < GuideLimits.CAPABILITIES_MAX && at != 0; i++) {
      int header = port.configDw(at);
      if ((header & 0xFF) == PciCap.VENDOR_SPECIFIC) {
        take(port, at, header >>> 8 * PciCap.CFG_TYPE);
      }
      at = header >>> 8 * PciCap.NEXT & 0xFC;
    }
  }

  private void take(GuidePort port, int at, int type) {
    int bar = port.configDw(at + PciCap.BAR) & 0xFF;
    long offset = Integer.toUnsignedLong(port.configDw(at + PciCap.OFFSET));
    if (bar > 5) {
      return; // 4.1.4: reserved, to be ignored
    }
    if (type == PciCap.COMMON_CFG && commonBar < 0) {
      commonBar = bar;
      commonOffset = offset;
    } else if (type == PciCap.NOTIFY_CFG && notifyBar < 0) {
      notifyBar = bar;
      notifyOffset = offset;
      notifyBytes = Integer.toUnsignedLong(port.configDw(at + PciCap.SIZE));
    }
  }

  /** Offset in the common configuration, negative or beyond it for everything else. */
  long common(int bar, long offset) {
    return bar == commonBar ? offset - commonOffset : -1;
  }

  boolean notification(int bar, long offset) {
    return bar == notifyBar && offset >= notifyOffset && offset - notifyOffset < notifyBytes;
  }
}
