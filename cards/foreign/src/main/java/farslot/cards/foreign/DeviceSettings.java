package farslot.cards.foreign;

import farslot.function.ForeignDevice;
import farslot.function.Interrupts;
import farslot.function.TlpPort;
import farslot.pcie.LittleEndian;
import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.ConfigHeader;
import farslot.pcie.config.Msi;
import farslot.pcie.config.Msix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What software writes to configuration space and the device has to know: the command register, and
 * which kind of interrupt is enabled. All else of it stays here.
 */
final class DeviceSettings {
  private static final int COMMAND_BITS =
      ConfigHeader.COMMAND_IO_SPACE
          | ConfigHeader.COMMAND_MEMORY_SPACE
          | ConfigHeader.COMMAND_BUS_MASTER
          | ConfigHeader.COMMAND_INTERRUPT_DISABLE;

  private static final int NO_KIND = -1;

  private final ForeignDevice device;
  private final TlpPort server;
  private final Interrupts interrupts;
  private final ForeignSpec spec;
  private final int msiAt;
  private final int msixAt;
  private final MemorySegment word = Arena.ofAuto().allocate(4, 4);

  /** What the device has been told. */
  private int command;

  private int kind = NO_KIND;
  private int vectors;

  DeviceSettings(ForeignDevice device, TlpPort server, Interrupts interrupts, ForeignSpec spec) {
    this.device = device;
    this.server = server;
    this.interrupts = interrupts;
    this.spec = spec;
    msiAt = find(CapabilityId.MSI);
    msixAt = find(CapabilityId.MSIX);
  }

  /** Where software finds a capability, which is not where the device has it. */
  private int find(int id) {
    int at = server.configDw(ConfigHeader.CAPABILITIES_POINTER) & CapabilityId.NEXT_MASK;
    while (at != 0 && (server.configDw(at) & 0xFF) != id) {
      at = server.configDw(at) >>> 8 & CapabilityId.NEXT_MASK;
    }
    return at;
  }

  /** The device has been reset: nothing is enabled. */
  void reset() {
    command = 0;
    kind = NO_KIND;
    vectors = 0;
    update();
  }

  /** Tells the device what has changed. */
  void update() {
    int newCommand = server.configDw(ConfigHeader.COMMAND) & COMMAND_BITS;
    if (newCommand != command) {
      command = newCommand;
      write(ConfigHeader.COMMAND, newCommand);
    }
    int newKind = wantedKind();
    int newVectors = vectors(newKind);
    if (newKind != kind || newVectors != vectors) {
      enable(newKind, newVectors);
    }
  }

  private int wantedKind() {
    if (msixAt != 0 && (control(msixAt) & Msix.ENABLE) != 0) {
      return ForeignDevice.IRQ_MSIX;
    }
    if (msiAt != 0 && (control(msiAt) & Msi.ENABLE) != 0) {
      return ForeignDevice.IRQ_MSI;
    }
    return spec.function().interruptPin() == 0 ? NO_KIND : ForeignDevice.IRQ_INTX;
  }

  private int vectors(int wanted) {
    return switch (wanted) {
      case ForeignDevice.IRQ_MSIX, ForeignDevice.IRQ_MSI -> interrupts.vectors();
      case ForeignDevice.IRQ_INTX -> 1;
      default -> 0;
    };
  }

  /** The capability's control register. */
  private int control(int at) {
    return server.configDw(at) >>> 16;
  }

  /** Vectors first, then the bit by which a device sees that it may use them. */
  private void enable(int newKind, int newVectors) {
    int before = kind;
    kind = newKind;
    vectors = newVectors;
    device.enable(Math.max(newKind, 0), newVectors);
    if (before == ForeignDevice.IRQ_MSIX && newKind != before) {
      write(spec.msixAt() + Msix.CONTROL, 0);
    }
    if (before == ForeignDevice.IRQ_MSI && newKind != before) {
      write(spec.msiAt() + Msi.CONTROL, 0);
    }
    if (newKind == ForeignDevice.IRQ_MSIX) {
      write(spec.msixAt() + Msix.CONTROL, Msix.ENABLE);
    } else if (newKind == ForeignDevice.IRQ_MSI) {
      int granted = Integer.numberOfTrailingZeros(Integer.highestOneBit(newVectors));
      write(spec.msiAt() + Msi.CONTROL, Msi.ENABLE | granted << Msi.MULTIPLE_MESSAGE_ENABLE_SHIFT);
    }
  }

  private void write(int offset, int value) {
    LittleEndian.u16(word, 0, value);
    device.write(ForeignDevice.REGION_CONFIG, offset, word, 0, 2);
  }
}
