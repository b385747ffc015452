package farslot.cards.virtio;

import farslot.cards.virtio.spec.Blk;
import farslot.cards.virtio.spec.CommonCfg;
import farslot.cards.virtio.spec.PciCap;
import farslot.cards.virtio.spec.PciId;
import farslot.function.Erasure;
import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.ResetKind;
import farslot.function.SavableFunction;
import farslot.function.VendorCapability;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.config.ClassCode;
import java.util.List;
import java.util.Map;

/**
 * The disk as a PCI function (4.1): BAR0 has the four structures, a page each, and BAR4 the MSI-X
 * table, apart from them.
 */
final class VirtioBlkFunction implements SavableFunction {
  /** What most such disks say, and what some drivers are bound by. */
  private static final int SUBSYSTEM_ID = 0x1100;

  private static final int INTA = 1;
  private static final int PAGE_BYTES = 4096;
  private static final int MSIX_ENTRY_BYTES = 16;

  // BAR0
  private static final int STRUCTURES_BAR = 0;
  private static final int COMMON = 0;
  private static final int ISR = PAGE_BYTES;
  private static final int DEVICE = 2 * PAGE_BYTES;
  private static final int NOTIFY = 3 * PAGE_BYTES;
  private static final int STRUCTURES_BYTES = 4 * PAGE_BYTES;

  /** Each queue is notified at an address of its own. */
  private static final int NOTIFY_MULTIPLIER = 4;

  private static final int MSIX_BAR = 4;

  private static final String STATE = "virtio-blk";
  private static final int STATE_VERSION = 1;

  private final VirtioConfig config;
  private final FunctionSpec spec;
  private final Erasure erasure;
  private VirtioDevice device;
  private CommonRegisters common;
  private DeviceRegisters registers;

  VirtioBlkFunction(VirtioConfig config) {
    this.config = config;
    erasure = new Erasure(this, List.of(config.store()));
    int tableBytes = (config.vectors() * MSIX_ENTRY_BYTES + PAGE_BYTES - 1) & -PAGE_BYTES;
    FunctionSpecBuilder builder =
        new FunctionSpecBuilder(PciId.VENDOR, PciId.DEVICE_BASE + PciId.TYPE_BLOCK, ClassCode.SCSI)
            .revision(PciId.REVISION_MODERN)
            .subsystem(PciId.VENDOR, SUBSYSTEM_ID)
            .memory64(STRUCTURES_BAR, STRUCTURES_BYTES, false)
            .memory32(MSIX_BAR, Integer.highestOneBit(2 * (tableBytes + PAGE_BYTES) - 1))
            .msix(config.vectors(), MSIX_BAR, 0, tableBytes)
            .interruptPin(INTA);
    structure(builder, PciCap.COMMON_CFG, COMMON, CommonCfg.BYTES);
    builder.vendorCapability(
        VendorCapability.readOnly(
            PciCap.NOTIFY_CFG,
            List.of(
                STRUCTURES_BAR, NOTIFY, config.queues() * NOTIFY_MULTIPLIER, NOTIFY_MULTIPLIER)));
    structure(builder, PciCap.ISR_CFG, ISR, 1);
    structure(builder, PciCap.DEVICE_CFG, DEVICE, Blk.CONFIG_BYTES);
    builder.vendorCapability(
        new VendorCapability(
            List.of(0, 0, 0, 0), List.of(0xFF, -1, -1, -1), PciCap.PCI_CFG, PciCap.PCI_CFG_DATA));
    spec = builder.build();
  }

  private static void structure(FunctionSpecBuilder builder, int type, int offset, int bytes) {
    builder.vendorCapability(
        VendorCapability.readOnly(type, List.of(STRUCTURES_BAR, offset, bytes)));
  }

  @Override
  public FunctionSpec spec() {
    return spec;
  }

  @Override
  public void plug(FunctionPort port) {
    device = new VirtioDevice(port, config);
    common = new CommonRegisters(device);
    registers = new DeviceRegisters(device, config);
  }

  @Override
  public long read(int bar, long offset, int bytes) {
    if (bar != STRUCTURES_BAR) {
      return 0;
    }
    int into = (int) offset % PAGE_BYTES;
    return switch ((int) offset - into) {
      case COMMON -> common.read(into, bytes);
      case ISR -> into == 0 ? device.interrupts().acknowledge() : 0;
      case DEVICE -> into < DeviceRegisters.BYTES ? registers.read(into, bytes) : 0;
      default -> 0;
    };
  }

  @Override
  public void write(int bar, long offset, int bytes, long value) {
    if (bar != STRUCTURES_BAR) {
      return;
    }
    int into = (int) offset % PAGE_BYTES;
    switch ((int) offset - into) {
      case COMMON -> common.write(into, bytes, value);
      case DEVICE -> registers.write(into, bytes, value);
      case NOTIFY -> device.notified(into / NOTIFY_MULTIPLIER);
      default -> {
        // ISR status is read only.
      }
    }
  }

  @Override
  public void reset(ResetKind kind) {
    common.reset();
    device.resetFunction();
  }

  @Override
  public void pause() {
    device.pause();
  }

  @Override
  public boolean isQuiet() {
    return device.isQuiet();
  }

  @Override
  public void resume() {
    device.resume();
  }

  @Override
  public void save(StateWriter state) {
    state.part(STATE, STATE_VERSION).i64(device.sectors()).flag(device.readOnly());
    common.save(state);
    device.save(state);
  }

  /** A driver knows the size of its disk, and would write behind the end of a smaller one. */
  @Override
  public void restore(StateReader state) throws StateException {
    state.part(STATE, STATE_VERSION);
    long sectors = state.i64();
    state.require(
        sectors == device.sectors(),
        "the disk had " + sectors + " sectors, and has " + device.sectors() + " here");
    state.require(state.flag() == device.readOnly(), "read only in one place and not in the other");
    common.restore(state);
    device.restore(state);
  }

  @Override
  public Map<String, Long> counts() {
    return device == null ? Map.of() : device.counts().nonZero();
  }

  @Override
  public long capacityBytes() {
    return config.store().sizeBytes();
  }

  @Override
  public Map<String, String> identity() {
    return config.serial().facts();
  }

  @Override
  public String identify(Map<String, String> wanted) {
    return config.serial().identify(wanted);
  }

  @Override
  public void sanitise(Sanitise how, Sanitised end) {
    erasure.sanitise(how, end, device::whenAtRest);
  }

  @Override
  public long operations() {
    return device == null ? 0 : device.counts().requests;
  }

  @Override
  public void unplug() {
    erasure.abandon();
    if (device == null) {
      config.store().close(); // never plugged
    } else {
      device.unplug();
    }
  }

  @Override
  public String toString() {
    return config.serial().text().isEmpty() ? "virtio-blk" : "virtio-blk " + config.serial();
  }
}
