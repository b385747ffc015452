package farslot.vfiouser;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Changes what a client sees of the MSI-X capability, for QEMU's sake: some of its builds abort
 * when a device is unplugged of which they know that it has MSI-X.
 *
 * <p>Hidden, its predecessor's next pointer skips it, its own bytes read as zero and take no
 * writes; the guest uses MSI. Relayed, the guest has it and QEMU does not know: QEMU learns what
 * capabilities there are from one long read when it sets the device up, and asks anew whenever the
 * guest reads. So the long read shows a vendor-specific capability in its place.
 */
final class ConfigFilter {
  /** What a capability may be called that everybody leaves alone (7.9.4). */
  private static final byte VENDOR_SPECIFIC_ID = 0x09;

  /** A guest reads no more at once. */
  private static final int GUEST_READ_BYTES_MAX = 8;

  /** Null: nothing is changed. */
  private final MsixCapability msix;

  private final boolean relayed;

  private ConfigFilter(MsixCapability msix, boolean relayed) {
    this.msix = msix;
    this.relayed = relayed;
  }

  /** A filter that changes nothing. */
  static ConfigFilter none() {
    return new ConfigFilter(null, false);
  }

  /** For a function with this configuration space, {@link MsixCapability#CONFIG_BYTES} of it. */
  static ConfigFilter of(VfioUserOptions.Msix how, MemorySegment config, long at) {
    if (how == VfioUserOptions.Msix.SHOWN) {
      return none();
    }
    boolean relayed = how == VfioUserOptions.Msix.RELAYED;
    return MsixCapability.in(config, at)
        .map(msix -> new ConfigFilter(msix, relayed))
        .orElseGet(ConfigFilter::none);
  }

  /** Whether it hides MSI-X. */
  boolean hides() {
    return msix != null && !relayed;
  }

  /** What is to be relayed; null when nothing is. */
  MsixCapability relayed() {
    return relayed ? msix : null;
  }

  /** Changes what was read: {@code bytes} from {@code offset} of configuration space. */
  void onRead(MemorySegment data, long at, long offset, int bytes) {
    if (msix == null) {
      return;
    }
    if (relayed) {
      if (bytes > GUEST_READ_BYTES_MAX) {
        put(data, at, offset, bytes, msix.at(), VENDOR_SPECIFIC_ID);
      }
      return;
    }
    put(data, at, offset, bytes, msix.pointerAt(), (byte) msix.next());
    for (int i = 0; i < MsixCapability.BYTES; i++) {
      put(data, at, offset, bytes, msix.at() + i, (byte) 0);
    }
  }

  /** Whether a write goes to what is hidden, and is dropped. */
  boolean drops(long offset, int bytes) {
    return hides() && offset < msix.at() + MsixCapability.BYTES && msix.at() < offset + bytes;
  }

  private static void put(
      MemorySegment data, long at, long offset, int bytes, int target, byte value) {
    if (target >= offset && target < offset + bytes) {
      data.set(ValueLayout.JAVA_BYTE, at + target - offset, value);
    }
  }
}
