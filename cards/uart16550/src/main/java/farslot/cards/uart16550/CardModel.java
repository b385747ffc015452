package farslot.cards.uart16550;

import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import java.util.Locale;

/** Cards that stock drivers know, by where their UARTs are. */
enum CardModel {
  /**
   * Titan Electronics' (VScom) PCI-100E to 800E: one to eight UARTs in memory, so that writes need
   * not be waited for. Ids and layout as Linux's 8250_pci has them (pbn_titan_N_4000000).
   */
  VSCOM(0x14D2, 0, 0x1000, 0x200, 0x2000, false, 4_000_000, 0) {
    @Override
    int deviceId(int ports) {
      return switch (ports) {
        case 1 -> 0xA010;
        case 2 -> 0xA012;
        case 4 -> 0xA013;
        case 8 -> 0xA014;
        default -> 0;
      };
    }
  },

  /**
   * HPE's PCI serial device: one UART in memory, interrupts by MSI (8250_pci: pbn_b1_1_115200,
   * pci_use_msi; since Linux 5.14).
   */
  HPE(0x1590, 1, 0, UartSpec.REGISTERS_BYTES, 0x1000, false, 115_200, 1) {
    @Override
    int deviceId(int ports) {
      return ports == 1 ? 0x037E : 0;
    }
  },

  /**
   * QEMU's own pci-serial, in I/O space: for systems that only have a driver for that, such as
   * Windows with the one that comes with QEMU (docs/specs/pci-serial).
   */
  QEMU(0x1B36, 0, 0, UartSpec.REGISTERS_BYTES, 0, true, 115_200, 0) {
    @Override
    int deviceId(int ports) {
      return switch (ports) {
        case 1 -> 0x0002;
        case 2 -> 0x0003;
        case 4 -> 0x0004;
        default -> 0;
      };
    }
  };

  /** Serial controller, or one with several ports; 16550 compatible (PCI Code and ID, 1.8). */
  private static final int CLASS_16550 = 0x070002;

  private static final int REVISION = 1;

  /** MCR, LSR, MSR, SCR. */
  private static final int STATUS_BYTES = 4;

  private final int vendorId;
  private final int bar;
  private final int firstOffset;
  private final int strideBytes;
  private final int memoryBytes;
  private final boolean io;
  private final int baudBase;
  private final int msiVectors;

  CardModel(
      int vendorId,
      int bar,
      int firstOffset,
      int strideBytes,
      int memoryBytes,
      boolean io,
      int baudBase,
      int msiVectors) {
    this.vendorId = vendorId;
    this.bar = bar;
    this.firstOffset = firstOffset;
    this.strideBytes = strideBytes;
    this.memoryBytes = memoryBytes;
    this.io = io;
    this.baudBase = baudBase;
    this.msiVectors = msiVectors;
  }

  /** The id of a card with that many ports; 0 when there is none. */
  abstract int deviceId(int ports);

  /** Bits a second with a divisor of 1. */
  int baudBase() {
    return baudBase;
  }

  FunctionSpec spec(int ports, long serialNumber) {
    FunctionSpecBuilder spec =
        new FunctionSpecBuilder(vendorId, deviceId(ports), CLASS_16550)
            .revision(REVISION)
            .interruptPin(1)
            .msi(msiVectors)
            .serialNumber(serialNumber);
    if (io) {
      spec.io(bar, (long) ports * strideBytes);
    } else {
      spec.memory32(bar, memoryBytes);
      for (int port = 0; port < ports; port++) {
        spec.readMostly(bar, firstOffset + port * (long) strideBytes + UartSpec.MCR, STATUS_BYTES);
      }
    }
    return spec.build();
  }

  /** The port whose registers are at an offset of the BAR, or -1; see {@link #register}. */
  int port(long offset) {
    long into = offset - firstOffset;
    return into >= 0 && into % strideBytes < UartSpec.REGISTERS_BYTES
        ? (int) (into / strideBytes)
        : -1;
  }

  /** Which of its registers that is. */
  int register(long offset) {
    return (int) ((offset - firstOffset) % strideBytes);
  }

  /** As configurations name it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
