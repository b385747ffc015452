package farslot.vfiouser;

import farslot.vfiouser.wire.VfioUserMessage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Where a function has its MSI-X capability, and what that says (PCI Express base specification,
 * 7.7.2).
 *
 * @param at its place in configuration space
 * @param pointerAt where the pointer to it stands
 * @param next the capability behind it; 0: none
 * @param vectors how many
 * @param tableBar the BAR that its table is in
 * @param tableOffset where the table begins there, bytes
 * @param deviceControlAt the Device Control register, whose uppermost bit begins a reset; -1: none
 */
record MsixCapability(
    int at,
    int pointerAt,
    int next,
    int vectors,
    int tableBar,
    long tableOffset,
    int deviceControlAt) {
  static final int BYTES = 12;

  /** The part of configuration space that holds the header and the capabilities. */
  static final int CONFIG_BYTES = 256;

  // 7.5.1.1.4, 7.5.1.1.11: Status, Capabilities Pointer.
  private static final int STATUS_AT = 0x06;
  private static final int STATUS_CAPABILITIES = 0x10;
  private static final int POINTER_AT = 0x34;
  private static final int FIRST_AT = 0x40;
  private static final int MSIX_ID = 0x11;
  private static final int PCIE_ID = 0x10;
  private static final int PCIE_DEVICE_CONTROL = 8;

  // 7.7.2.2, 7.7.2.3: Message Control; Table Offset and BIR.
  static final int CONTROL_AT = 2;
  private static final int TABLE_AT = 4;
  private static final int SIZE_MASK = 0x7FF;
  private static final int BIR_MASK = 7;

  /** Each capability has at least 4 bytes: more steps than this is a loop. */
  private static final int CAPABILITIES_MAX = (CONFIG_BYTES - FIRST_AT) / 4;

  /** The capability in {@link #CONFIG_BYTES} of configuration space, if it is there. */
  static Optional<MsixCapability> in(MemorySegment config, long at) {
    if ((u8(config, at + STATUS_AT) & STATUS_CAPABILITIES) == 0) {
      return Optional.empty();
    }
    int found = -1;
    int foundPointer = 0;
    int deviceControl = -1;
    int pointerAt = POINTER_AT;
    for (int i = 0; i < CAPABILITIES_MAX; i++) {
      int here = u8(config, at + pointerAt) & ~3;
      if (here < FIRST_AT || here > CONFIG_BYTES - 4) {
        break;
      }
      int id = u8(config, at + here);
      if (id == MSIX_ID && found < 0 && here <= CONFIG_BYTES - BYTES) {
        found = here;
        foundPointer = pointerAt;
      } else if (id == PCIE_ID) {
        deviceControl = here + PCIE_DEVICE_CONTROL;
      }
      pointerAt = here + 1;
    }
    return found < 0
        ? Optional.empty()
        : Optional.of(of(config, at, found, foundPointer, deviceControl));
  }

  private static MsixCapability of(
      MemorySegment config, long at, int here, int pointerAt, int deviceControl) {
    int control = config.get(VfioUserMessage.U16, at + here + CONTROL_AT);
    int table = config.get(VfioUserMessage.U32, at + here + TABLE_AT);
    return new MsixCapability(
        here,
        pointerAt,
        u8(config, at + here + 1),
        (control & SIZE_MASK) + 1,
        table & BIR_MASK,
        Integer.toUnsignedLong(table & ~BIR_MASK),
        deviceControl);
  }

  private static int u8(MemorySegment config, long at) {
    return Byte.toUnsignedInt(config.get(ValueLayout.JAVA_BYTE, at));
  }
}
