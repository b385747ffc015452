package farslot.cards.nvme.guide;

import farslot.cards.nvme.spec.Property;

/** What a driver writes into a controller's registers before it switches it on (Base 3.1.3). */
final class ControllerSetup {
  private static final long ADDRESS_MASK = -4096L;

  private int cc;
  private int aqa;
  private long asq;
  private long acq;

  void reset() {
    cc = 0;
    aqa = 0;
    asq = 0;
    acq = 0;
  }

  /**
   * A register is written, 4 bytes of it.
   *
   * @return whether that has switched the controller on or off
   */
  boolean write(int offset, int value) {
    boolean was = isOn();
    switch (offset) {
      case Property.CC -> cc = value;
      case Property.AQA -> aqa = value;
      case Property.ASQ -> asq = asq & ~0xFFFF_FFFFL | value & 0xFFFF_FFFFL;
      case Property.ASQ + 4 -> asq = asq & 0xFFFF_FFFFL | (long) value << 32;
      case Property.ACQ -> acq = acq & ~0xFFFF_FFFFL | value & 0xFFFF_FFFFL;
      case Property.ACQ + 4 -> acq = acq & 0xFFFF_FFFFL | (long) value << 32;
      default -> {
        // Nothing that makes the controller read memory.
      }
    }
    return was != isOn();
  }

  boolean isOn() {
    return (cc & Property.CC_EN) != 0;
  }

  /** Whether the controller was told to shut down. */
  boolean shutDown() {
    return (cc >> Property.CC_SHN_SHIFT & Property.CC_SHN_MASK) != 0;
  }

  /** Of the admin submission queue. */
  int sqEntries() {
    return (aqa & Property.AQA_SIZE_MASK) + 1;
  }

  /** Of the admin completion queue. */
  int cqEntries() {
    return (aqa >> Property.AQA_ACQS_SHIFT & Property.AQA_SIZE_MASK) + 1;
  }

  long asq() {
    return asq & ADDRESS_MASK;
  }

  long acq() {
    return acq & ADDRESS_MASK;
  }

  int pageBytes() {
    return 1 << 12 + (cc >> Property.CC_MPS_SHIFT & Property.CC_MPS_MASK);
  }

  /** Of an entry in I/O submission queues. */
  int ioSqeBytes() {
    return 1 << (cc >> Property.CC_IOSQES_SHIFT & Property.CC_ES_MASK);
  }
}
