package farslot.cards.foreign;

import static farslot.pcie.config.ConfigHeader.*;

import farslot.function.ForeignDevice;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.VendorCapability;
import farslot.function.endpoint.ConfigSpace;
import farslot.pcie.LittleEndian;
import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.ExtendedCapabilityId;
import farslot.pcie.config.Msi;
import farslot.pcie.config.Msix;
import farslot.pcie.config.SerialNumber;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What a foreign device says of itself, as a function's specification. Its own capabilities for
 * power, PCI Express and errors are replaced by those that every function here has.
 *
 * @param function what the server will see
 * @param msiAt where the device itself has the MSI capability; 0 for none
 * @param msixAt where it has MSI-X; 0 for none
 * @param wholeBars BARs whose accesses may be of any length: memory rather than registers
 */
record ForeignSpec(FunctionSpec function, int msiAt, int msixAt, int wholeBars) {
  /** More vectors are not passed on: each costs a descriptor here and there. */
  static final int MSIX_VECTORS_MAX = 256;

  private static final int CAPABILITIES_MAX = 48;
  private static final long IO_BYTES_MAX = 256;
  private static final int IO_BYTES_MIN = 4;
  private static final int MEMORY_BYTES_MIN = 16;
  private static final int VENDOR_LENGTH = 2;
  private static final int VENDOR_BYTE = 3;
  private static final int VENDOR_DW_MAX = 62;

  /**
   * @throws IllegalArgumentException with what is wrong, if there can be no such function
   */
  static ForeignSpec of(ForeignDevice.Facts facts) {
    Reader reader = new Reader(facts);
    List<VendorCapability> vendor = reader.vendorCapabilities();
    while (true) {
      FunctionSpec function = reader.function(vendor);
      try {
        // Whether all its capabilities find room beside those that every function here has.
        new ConfigSpace(function);
        return new ForeignSpec(function, reader.msiAt(), reader.msixAt(), reader.wholeBars());
      } catch (IllegalStateException e) {
        if (vendor.isEmpty()) {
          throw new IllegalArgumentException(e.getMessage(), e);
        }
        vendor.removeLast();
      }
    }
  }

  /** Reads one device's configuration space. */
  private static final class Reader {
    private final ForeignDevice.Facts facts;
    private final MemorySegment config;

    private Reader(ForeignDevice.Facts facts) {
      this.facts = facts;
      config = facts.config();
    }

    private FunctionSpec function(List<VendorCapability> vendor) {
      if ((u8(HEADER_TYPE) & HEADER_TYPE_MASK) != HEADER_TYPE_0) {
        throw new IllegalArgumentException("header type " + u8(HEADER_TYPE) + ": a bridge?");
      }
      FunctionSpecBuilder builder =
          new FunctionSpecBuilder(u16(VENDOR_ID), u16(DEVICE_ID), classCode())
              .revision(u8(REVISION_ID))
              .subsystem(u16(SUBSYSTEM_VENDOR_ID), u16(SUBSYSTEM_ID))
              .serialNumber(serialNumber());
      for (int bar = 0; bar < BAR_COUNT; bar++) {
        bar += bar(builder, bar);
      }
      interrupts(builder);
      vendor.forEach(builder::vendorCapability);
      return builder.build();
    }

    private int classCode() {
      return u8(CLASS_CODE) | u16(CLASS_CODE + 1) << 8;
    }

    /** Returns how many more BARs this one takes. */
    private int bar(FunctionSpecBuilder builder, int bar) {
      long bytes = facts.regionBytes().get(bar);
      int register = register(bar);
      if (bytes == 0) {
        return 0;
      }
      if ((register & BAR_IO) != 0) {
        if (bytes > IO_BYTES_MAX) {
          throw new IllegalArgumentException("I/O BAR " + bar + " of " + bytes + " bytes");
        }
        builder.io(bar, ceiling(Math.max(bytes, IO_BYTES_MIN)));
        return 0;
      }
      boolean wide = (register & BAR_MEMORY_TYPE_MASK) == BAR_MEMORY_64;
      long size = ceiling(Math.max(bytes, MEMORY_BYTES_MIN));
      if (wide) {
        builder.memory64(bar, size, (register & BAR_PREFETCHABLE) != 0);
      } else {
        builder.memory32(bar, size);
      }
      return wide ? 1 : 0;
    }

    private int wholeBars() {
      int bars = 0;
      for (int bar = 0; bar < BAR_COUNT; bar++) {
        int register = register(bar);
        boolean memory = (register & BAR_IO) == 0 && (register & BAR_PREFETCHABLE) != 0;
        bars |= memory && facts.regionBytes().get(bar) > 0 ? 1 << bar : 0;
      }
      return bars;
    }

    private int register(int bar) {
      return LittleEndian.i32(config, BAR0 + (long) BAR_BYTES * bar);
    }

    private static long ceiling(long bytes) {
      return bytes == 1 ? 1 : Long.highestOneBit(bytes - 1) << 1;
    }

    private void interrupts(FunctionSpecBuilder builder) {
      int pin = u8(INTERRUPT_PIN);
      boolean hasPin = facts.vectors().get(ForeignDevice.IRQ_INTX) > 0 && pin <= INTERRUPT_PIN_INTD;
      builder.interruptPin(hasPin ? pin : INTERRUPT_PIN_NONE);
      if (msiAt() != 0) {
        int capable = u16(msiAt() + Msi.CONTROL) >> Msi.MULTIPLE_MESSAGE_CAPABLE_SHIFT;
        int vectors = 1 << Math.min(5, capable & Msi.MULTIPLE_MESSAGE_MASK);
        int told = Integer.highestOneBit(facts.vectors().get(ForeignDevice.IRQ_MSI));
        builder.msi(Math.min(vectors, told));
      }
      if (msixAt() != 0) {
        int vectors = (u16(msixAt() + Msix.CONTROL) & Msix.TABLE_SIZE_MASK) + 1;
        int told = facts.vectors().get(ForeignDevice.IRQ_MSIX);
        int table = LittleEndian.i32(config, msixAt() + Msix.TABLE);
        int pba = LittleEndian.i32(config, msixAt() + Msix.PBA);
        builder.msix(
            Math.min(MSIX_VECTORS_MAX, Math.min(vectors, told)),
            table & Msix.BIR_MASK,
            table & Msix.OFFSET_MASK,
            pba & Msix.BIR_MASK,
            pba & Msix.OFFSET_MASK);
      }
    }

    private int msiAt() {
      return facts.vectors().get(ForeignDevice.IRQ_MSI) == 0 ? 0 : find(CapabilityId.MSI);
    }

    private int msixAt() {
      return facts.vectors().get(ForeignDevice.IRQ_MSIX) == 0 ? 0 : find(CapabilityId.MSIX);
    }

    private int find(int id) {
      int at = first();
      for (int i = 0; i < CAPABILITIES_MAX && at != 0; i++) {
        if (u8(at) == id) {
          return at;
        }
        at = next(at);
      }
      return 0;
    }

    private int first() {
      boolean listed = (u16(STATUS) & STATUS_CAPABILITIES_LIST) != 0;
      return listed ? inside(u8(CAPABILITIES_POINTER)) : 0;
    }

    private int next(int at) {
      return inside(u8(at + CapabilityId.NEXT));
    }

    /**
     * 0 for what is in the header; every capability that is read has at most 16 bytes or a length.
     */
    private static int inside(int pointer) {
      int at = pointer & CapabilityId.NEXT_MASK;
      return at >= HEADER_BYTES && at <= PCI_CONFIG_SPACE_BYTES - 16 ? at : 0;
    }

    private List<VendorCapability> vendorCapabilities() {
      List<VendorCapability> found = new ArrayList<>();
      int at = first();
      for (int i = 0; i < CAPABILITIES_MAX && at != 0; i++) {
        if (u8(at) == CapabilityId.VENDOR_SPECIFIC) {
          found.add(vendorCapability(at));
        }
        at = next(at);
      }
      return found;
    }

    private VendorCapability vendorCapability(int at) {
      int end = Math.min(PCI_CONFIG_SPACE_BYTES, at + u8(at + VENDOR_LENGTH));
      List<Integer> dws = new ArrayList<>();
      for (int from = at + 4; from + 4 <= end && dws.size() < VENDOR_DW_MAX; from += 4) {
        dws.add(LittleEndian.i32(config, from));
      }
      return VendorCapability.readOnly(u8(at + VENDOR_BYTE), dws);
    }

    private long serialNumber() {
      int at = config.byteSize() < CONFIG_SPACE_BYTES ? 0 : ExtendedCapabilityId.FIRST;
      for (int i = 0; i < CAPABILITIES_MAX && at >= ExtendedCapabilityId.FIRST; i++) {
        int header = LittleEndian.i32(config, at);
        boolean inside = at + SerialNumber.BYTES <= CONFIG_SPACE_BYTES;
        boolean serial =
            (header & ExtendedCapabilityId.ID_MASK) == ExtendedCapabilityId.DEVICE_SERIAL_NUMBER;
        if (serial && inside) {
          return LittleEndian.u32(config, at + SerialNumber.LOWER)
              | LittleEndian.u32(config, at + SerialNumber.UPPER) << 32;
        }
        at = header >>> ExtendedCapabilityId.NEXT_SHIFT & ExtendedCapabilityId.NEXT_MASK;
      }
      return 0;
    }

    private int u8(int at) {
      return LittleEndian.u8(config, at);
    }

    private int u16(int at) {
      return LittleEndian.u16(config, at);
    }
  }
}
