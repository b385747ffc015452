package farslot.vfiouser;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Hides the MSI-X capability: its predecessor's next pointer skips it, and its own bytes read as
 * zero and take no writes. For QEMU 11.1, whose {@code device_del} aborts on a device that has
 * MSI-X; the guest then uses MSI.
 */
final class ConfigFilter {
  /** The part of configuration space that holds the header and the capabilities. */
  static final int BYTES = 256;

  // PCI Local Bus 3.0, 6.1 and 6.7; MSI-X: 6.8.2.
  private static final int STATUS_AT = 0x06;
  private static final int STATUS_CAPABILITIES = 0x10;
  private static final int POINTER_AT = 0x34;
  private static final int FIRST_AT = 0x40;
  private static final int MSIX_ID = 0x11;
  private static final int MSIX_BYTES = 12;

  /** Each capability has at least 4 bytes: more steps than this is a loop. */
  private static final int CAPABILITIES_MAX = (BYTES - FIRST_AT) / 4;

  private static final int NOWHERE = -1;

  private final int pointerAt;
  private final int pointer;
  private final int hiddenAt;

  private ConfigFilter(int pointerAt, int pointer, int hiddenAt) {
    this.pointerAt = pointerAt;
    this.pointer = pointer;
    this.hiddenAt = hiddenAt;
  }

  /** A filter that hides nothing. */
  static ConfigFilter none() {
    return new ConfigFilter(NOWHERE, 0, NOWHERE);
  }

  /** The filter for a function with this configuration space ({@link #BYTES} of it). */
  static ConfigFilter hidingMsix(MemorySegment config, long at) {
    if ((u8(config, at + STATUS_AT) & STATUS_CAPABILITIES) == 0) {
      return none();
    }
    int pointerAt = POINTER_AT;
    for (int i = 0; i < CAPABILITIES_MAX; i++) {
      int here = u8(config, at + pointerAt) & ~3;
      if (here < FIRST_AT || here > BYTES - 4) {
        return none();
      }
      int next = u8(config, at + here + 1);
      if (u8(config, at + here) == MSIX_ID) {
        return new ConfigFilter(pointerAt, next, here);
      }
      pointerAt = here + 1;
    }
    return none();
  }

  /** Whether it hides anything. */
  boolean hides() {
    return hiddenAt != NOWHERE;
  }

  /** Changes what was read: {@code bytes} from {@code offset} of configuration space. */
  void onRead(MemorySegment data, long at, long offset, int bytes) {
    if (!hides()) {
      return;
    }
    put(data, at, offset, bytes, pointerAt, pointer);
    for (int i = 0; i < MSIX_BYTES; i++) {
      put(data, at, offset, bytes, hiddenAt + i, 0);
    }
  }

  /** Whether a write goes to what is hidden, and is dropped. */
  boolean drops(long offset, int bytes) {
    return hides() && offset < hiddenAt + MSIX_BYTES && hiddenAt < offset + bytes;
  }

  private static void put(
      MemorySegment data, long at, long offset, int bytes, int target, int value) {
    if (target >= offset && target < offset + bytes) {
      data.set(ValueLayout.JAVA_BYTE, at + target - offset, (byte) value);
    }
  }

  private static int u8(MemorySegment config, long at) {
    return Byte.toUnsignedInt(config.get(ValueLayout.JAVA_BYTE, at));
  }
}
