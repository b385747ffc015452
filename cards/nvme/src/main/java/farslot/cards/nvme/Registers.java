package farslot.cards.nvme;

import farslot.cards.nvme.spec.Property;

/** BAR0 (Base 3.1.3): properties by dword, then doorbells. What is not there reads 0. */
final class Registers {
  private final Controller controller;
  private final Doorbells doorbells;

  Registers(Controller controller) {
    this.controller = controller;
    doorbells = new Doorbells(controller);
  }

  /** Any size; wider properties may be read by halves. Doorbells read 0. */
  long read(long offset, int bytes) {
    long low = dword((int) offset & ~3) & 0xFFFF_FFFFL;
    if (bytes == 8) {
      return low | (long) dword((int) offset + 4) << 32;
    }
    return low >>> (offset & 3) * 8 & (1L << bytes * 8) - 1;
  }

  /** Whole dwords only, one or two: "shall not access ... in any other width" (Base 3.1.3). */
  void write(long offset, int bytes, long value) {
    if (bytes >= 4) {
      writeDword((int) offset, (int) value);
    }
    if (bytes == 8) {
      writeDword((int) offset + 4, (int) (value >>> 32));
    }
  }

  private void writeDword(int offset, int value) {
    if (offset >= Property.DOORBELLS) {
      doorbells.write(offset - Property.DOORBELLS >> 2, value);
      return;
    }
    switch (offset) {
      case Property.INTMS -> controller.vectors().maskSet(value);
      case Property.INTMC -> controller.vectors().maskClear(value);
      case Property.CC -> controller.cc(value);
      case Property.AQA -> controller.aqa(value);
      case Property.ASQ -> controller.asq(withLow(controller.asq(), value));
      case Property.ASQ + 4 -> controller.asq(withHigh(controller.asq(), value));
      case Property.ACQ -> controller.acq(withLow(controller.acq(), value));
      case Property.ACQ + 4 -> controller.acq(withHigh(controller.acq(), value));
      default -> {
        // Read only, reserved, or of something that is not here: writes have no effect.
      }
    }
  }

  private int dword(int offset) {
    return switch (offset) {
      case Property.CAP -> (int) cap();
      case Property.CAP + 4 -> (int) (cap() >>> 32);
      case Property.VS -> Property.VS_2_0;
      case Property.INTMS, Property.INTMC -> controller.vectors().mask();
      case Property.CC -> controller.cc();
      case Property.CSTS -> controller.csts();
      case Property.AQA -> controller.aqa();
      case Property.ASQ -> (int) controller.asq();
      case Property.ASQ + 4 -> (int) (controller.asq() >>> 32);
      case Property.ACQ -> (int) controller.acq();
      case Property.ACQ + 4 -> (int) (controller.acq() >>> 32);
      case Property.CRTO -> NvmeLimits.READY_TIMEOUT;
      default -> 0;
    };
  }

  private static long cap() {
    return (long) NvmeLimits.QUEUE_ENTRIES_MAX - 1 << Property.CAP_MQES_SHIFT
        | Property.CAP_CQR
        | (long) NvmeLimits.READY_TIMEOUT << Property.CAP_TO_SHIFT
        | Property.CAP_CSS_NVM
        | Property.CAP_CSS_IOCSS
        | (long) (NvmeLimits.PAGE_LOG2_MIN - 12) << Property.CAP_MPSMIN_SHIFT
        | (long) NvmeLimits.MPS_MAX << Property.CAP_MPSMAX_SHIFT
        | Property.CAP_CRWMS;
  }

  private static long withLow(long value, int low) {
    return value & ~0xFFFF_FFFFL | low & 0xFFFF_FFFFL;
  }

  private static long withHigh(long value, int high) {
    return value & 0xFFFF_FFFFL | (long) high << 32;
  }
}
