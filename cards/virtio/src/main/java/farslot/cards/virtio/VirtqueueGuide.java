package farslot.cards.virtio;

import farslot.cards.virtio.spec.CommonCfg;
import farslot.cards.virtio.spec.Feature;
import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * Knows how virtio devices use memory: it learns where queues are from what the driver writes into
 * the common configuration, and sends along with each notification what {@link GuidedChains} finds
 * new in the available ring.
 *
 * <p>What it does not understand (packed queues, fields written in parts, queues that it has not
 * seen being set up, for instance through the PCI configuration access capability) it leaves to the
 * device. Notifications are not made one: queues may share a register, and nobody tells a guide
 * which do.
 */
final class VirtqueueGuide implements DmaGuide {
  private static final int UPPER = 4;

  private final GuidePort port;
  private final GuidedStructures structures = new GuidedStructures();
  private final GuidedQueue[] queues = new GuidedQueue[GuideLimits.QUEUES_MAX];
  private final GuidedChains chains;
  private int featureSelect;
  private long features;
  private int queueSelect;

  /** Something was done to the device that is not understood: until its next reset. */
  private boolean lost;

  VirtqueueGuide(GuidePort port) {
    this.port = port;
    chains = new GuidedChains(port);
  }

  @Override
  public void reset() {
    structures.find(port);
    forget();
  }

  /** The device has no queues any more. */
  private void forget() {
    for (GuidedQueue queue : queues) {
      if (queue != null) {
        queue.reset();
      }
    }
    featureSelect = 0;
    features = 0;
    queueSelect = 0;
    lost = false;
  }

  @Override
  public void onWrite(int bar, long offset, MemorySegment from, long at, int bytes) {
    if (structures.notification(bar, offset)) {
      notified(from, at, bytes);
      return;
    }
    long into = structures.common(bar, offset);
    if (into > -bytes && into < CommonCfg.BYTES) {
      if (into >= 0) {
        common((int) into, from, at, bytes);
      } else {
        lost = true;
      }
    }
  }

  // ---- the common configuration (4.1.4.3)

  private void common(int offset, MemorySegment from, long at, int bytes) {
    long value =
        switch (bytes) {
          case 1 -> LittleEndian.u8(from, at);
          case 2 -> LittleEndian.u16(from, at);
          case 4 -> LittleEndian.u32(from, at);
          case 8 -> LittleEndian.i64(from, at);
          default -> 0;
        };
    if (bytes == width(offset)) {
      field(offset, value);
    } else if (bytes == 8 && width(offset) == 4 && offset >= CommonCfg.QUEUE_DESC) {
      field(offset, value & 0xFFFF_FFFFL);
      field(offset + UPPER, value >>> 32);
    } else {
      lost = true;
    }
  }

  /** Of the field that begins here, by which drivers must access it; 0 where none does. */
  private static int width(int offset) {
    return switch (offset) {
      case CommonCfg.DEVICE_FEATURE_SELECT,
          CommonCfg.DEVICE_FEATURE,
          CommonCfg.DRIVER_FEATURE_SELECT,
          CommonCfg.DRIVER_FEATURE,
          CommonCfg.QUEUE_DESC,
          CommonCfg.QUEUE_DESC + UPPER,
          CommonCfg.QUEUE_DRIVER,
          CommonCfg.QUEUE_DRIVER + UPPER,
          CommonCfg.QUEUE_DEVICE,
          CommonCfg.QUEUE_DEVICE + UPPER ->
          4;
      case CommonCfg.CONFIG_MSIX_VECTOR,
          CommonCfg.NUM_QUEUES,
          CommonCfg.QUEUE_SELECT,
          CommonCfg.QUEUE_SIZE,
          CommonCfg.QUEUE_MSIX_VECTOR,
          CommonCfg.QUEUE_ENABLE,
          CommonCfg.QUEUE_NOTIFY_OFF,
          CommonCfg.QUEUE_NOTIFY_DATA,
          CommonCfg.QUEUE_RESET ->
          2;
      case CommonCfg.DEVICE_STATUS, CommonCfg.CONFIG_GENERATION -> 1;
      default -> 0;
    };
  }

  private void field(int offset, long value) {
    switch (offset) {
      case CommonCfg.DRIVER_FEATURE_SELECT -> featureSelect = (int) value;
      case CommonCfg.DRIVER_FEATURE -> {
        if (featureSelect == 0) {
          features = features & ~0xFFFF_FFFFL | value;
        } else if (featureSelect == 1) {
          features = features & 0xFFFF_FFFFL | value << 32;
        }
      }
      case CommonCfg.DEVICE_STATUS -> {
        if (value == 0) {
          forget();
          port.leaveAll();
        }
      }
      case CommonCfg.QUEUE_SELECT -> queueSelect = (int) value;
      default -> queueField(offset, value);
    }
  }

  private void queueField(int offset, long value) {
    if (queueSelect >= GuideLimits.QUEUES_MAX) {
      return;
    }
    GuidedQueue queue = queues[queueSelect];
    if (queue == null) {
      queue = new GuidedQueue();
      queues[queueSelect] = queue;
    }
    if (offset == CommonCfg.QUEUE_RESET) {
      queue.reset();
      port.leaveAll();
    } else if (!queue.enabled) {
      setUp(queue, offset, value);
    }
  }

  private static void setUp(GuidedQueue queue, int offset, long value) {
    switch (offset) {
      case CommonCfg.QUEUE_SIZE -> queue.size = (int) value;
      case CommonCfg.QUEUE_ENABLE -> queue.enabled = value == 1;
      case CommonCfg.QUEUE_DESC -> queue.descriptors = low(queue.descriptors, value);
      case CommonCfg.QUEUE_DESC + UPPER -> queue.descriptors = high(queue.descriptors, value);
      case CommonCfg.QUEUE_DRIVER -> queue.availableRing = low(queue.availableRing, value);
      case CommonCfg.QUEUE_DRIVER + UPPER -> queue.availableRing = high(queue.availableRing, value);
      case CommonCfg.QUEUE_DEVICE -> queue.usedRing = low(queue.usedRing, value);
      case CommonCfg.QUEUE_DEVICE + UPPER -> queue.usedRing = high(queue.usedRing, value);
      default -> {
        // Interrupts are nothing to a guide.
      }
    }
  }

  private static long low(long address, long value) {
    return address & ~0xFFFF_FFFFL | value;
  }

  private static long high(long address, long value) {
    return address & 0xFFFF_FFFFL | value << 32;
  }

  // ---- notifications (4.1.5.2)

  /** The value says the queue, alone or with what it has: its low 16 bits (4.1.5.2, 2.9). */
  private void notified(MemorySegment from, long at, int bytes) {
    if (bytes != 2 && bytes != 4) {
      port.leaveAll();
      return;
    }
    int index = LittleEndian.u16(from, at);
    GuidedQueue queue = index < GuideLimits.QUEUES_MAX ? queues[index] : null;
    if (lost || queue == null || !queue.usable() || (features & Feature.RING_PACKED) != 0) {
      port.leaveAll();
    } else {
      chains.push(queue, (features & Feature.INDIRECT_DESC) != 0);
    }
  }
}
