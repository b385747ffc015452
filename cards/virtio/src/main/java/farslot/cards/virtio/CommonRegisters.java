package farslot.cards.virtio;

import static farslot.cards.virtio.spec.CommonCfg.*;

import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * The common configuration structure (4.1.4.3). Drivers access fields by their own width, and
 * addresses by halves; any other access is taken as one of the bytes that it touches.
 */
final class CommonRegisters {
  /** Where fields begin; the last is the end. An address is two. */
  private static final int[] FIELDS = {
    DEVICE_FEATURE_SELECT,
    DEVICE_FEATURE,
    DRIVER_FEATURE_SELECT,
    DRIVER_FEATURE,
    CONFIG_MSIX_VECTOR,
    NUM_QUEUES,
    DEVICE_STATUS,
    CONFIG_GENERATION,
    QUEUE_SELECT,
    QUEUE_SIZE,
    QUEUE_MSIX_VECTOR,
    QUEUE_ENABLE,
    QUEUE_NOTIFY_OFF,
    QUEUE_DESC,
    QUEUE_DESC + 4,
    QUEUE_DRIVER,
    QUEUE_DRIVER + 4,
    QUEUE_DEVICE,
    QUEUE_DEVICE + 4,
    QUEUE_NOTIFY_DATA,
    QUEUE_RESET,
    BYTES
  };

  private static final int UPPER = 4;

  private final VirtioDevice device;
  private int deviceFeatureSelect;
  private int driverFeatureSelect;
  private int queueSelect;

  CommonRegisters(VirtioDevice device) {
    this.device = device;
  }

  void reset() {
    deviceFeatureSelect = 0;
    driverFeatureSelect = 0;
    queueSelect = 0;
  }

  void save(StateWriter state) {
    state.i32(deviceFeatureSelect).i32(driverFeatureSelect).u16(queueSelect);
  }

  void restore(StateReader state) throws StateException {
    deviceFeatureSelect = state.i32();
    driverFeatureSelect = state.i32();
    queueSelect = state.u16();
  }

  /** Reads what of the structure lies at an offset; beyond it is 0. */
  long read(int offset, int bytes) {
    long value = 0;
    for (int i = 0; i < FIELDS.length - 1; i++) {
      int shift = 8 * (FIELDS[i] - offset);
      if (FIELDS[i] < offset + bytes && FIELDS[i + 1] > offset) {
        long field = field(FIELDS[i]);
        value |= shift >= 0 ? field << shift : field >>> -shift;
      }
    }
    return bytes == 8 ? value : value & (1L << 8 * bytes) - 1;
  }

  /** Writes likewise: bytes of a field that are not written keep their value. */
  void write(int offset, int bytes, long value) {
    for (int i = 0; i < FIELDS.length - 1; i++) {
      int from = Math.max(FIELDS[i], offset);
      int to = Math.min(FIELDS[i + 1], offset + bytes);
      if (from < to && !device.resetting()) {
        int shift = 8 * (from - FIELDS[i]);
        long mask = (1L << 8 * (to - from)) - 1 << shift;
        long written = value >>> 8 * (from - offset) << shift & mask;
        field(FIELDS[i], field(FIELDS[i]) & ~mask | written);
      }
    }
  }

  /** The queue that software has selected, or null. */
  private Virtqueue queue() {
    return device.queue(queueSelect);
  }

  private long field(int at) {
    return switch (at) {
      case DEVICE_FEATURE_SELECT -> deviceFeatureSelect & 0xFFFF_FFFFL;
      case DEVICE_FEATURE -> half(device.offered(), deviceFeatureSelect);
      case DRIVER_FEATURE_SELECT -> driverFeatureSelect & 0xFFFF_FFFFL;
      case DRIVER_FEATURE -> half(device.accepted(), driverFeatureSelect);
      case CONFIG_MSIX_VECTOR -> device.interrupts().configVector();
      case NUM_QUEUES -> device.queueCount();
      case DEVICE_STATUS -> device.status();
      case QUEUE_SELECT -> queueSelect;
      default -> queue() == null ? 0 : queueField(queue(), at);
    };
  }

  /** Features beyond the first 64 are all 0. */
  private static long half(long features, int select) {
    return select == 0 ? features & 0xFFFF_FFFFL : select == 1 ? features >>> 32 : 0;
  }

  private long queueField(Virtqueue queue, int at) {
    return switch (at) {
      case QUEUE_SIZE -> queue.size();
      case QUEUE_MSIX_VECTOR -> queue.vector();
      case QUEUE_ENABLE -> queue.enabled() ? 1 : 0;
      case QUEUE_NOTIFY_OFF -> queueSelect;
      case QUEUE_DESC, QUEUE_DRIVER, QUEUE_DEVICE -> queue.address(at) & 0xFFFF_FFFFL;
      case QUEUE_DESC + UPPER, QUEUE_DRIVER + UPPER, QUEUE_DEVICE + UPPER ->
          queue.address(at - UPPER) >>> 32;
      default -> 0; // what is left belongs to features that are not offered
    };
  }

  private void field(int at, long value) {
    switch (at) {
      case DEVICE_FEATURE_SELECT -> deviceFeatureSelect = (int) value;
      case DRIVER_FEATURE_SELECT -> driverFeatureSelect = (int) value;
      case DRIVER_FEATURE -> accept(value);
      case CONFIG_MSIX_VECTOR -> device.interrupts().configVector((int) value);
      case DEVICE_STATUS -> {
        if (value == 0) {
          reset();
        }
        device.status((int) value);
      }
      case QUEUE_SELECT -> queueSelect = (int) value;
      default -> {
        if (queue() != null) {
          queueField(queue(), at, value);
        }
      }
    }
  }

  private void accept(long value) {
    long features = device.accepted();
    switch (driverFeatureSelect) {
      case 0 -> device.accepted(features & ~0xFFFF_FFFFL | value);
      case 1 -> device.accepted(features & 0xFFFF_FFFFL | value << 32);
      default -> {
        // There are none.
      }
    }
  }

  private void queueField(Virtqueue queue, int at, long value) {
    switch (at) {
      case QUEUE_SIZE -> queue.size((int) value);
      case QUEUE_MSIX_VECTOR -> queue.vector(device.interrupts().accept((int) value));
      case QUEUE_ENABLE -> {
        if (value == 1 && !queue.enable()) {
          device.needsReset();
        }
      }
      case QUEUE_DESC, QUEUE_DRIVER, QUEUE_DEVICE ->
          queue.address(at, queue.address(at) & ~0xFFFF_FFFFL | value);
      case QUEUE_DESC + UPPER, QUEUE_DRIVER + UPPER, QUEUE_DEVICE + UPPER -> {
        int low = at - UPPER;
        queue.address(low, queue.address(low) & 0xFFFF_FFFFL | value << 32);
      }
      default -> {
        // Read-only, or not there: ignored.
      }
    }
  }
}
