package farslot.cards.nvme;

import farslot.cards.nvme.spec.Property;
import farslot.function.Erasure;
import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.ResetKind;
import farslot.function.SavableFunction;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import java.util.Map;

/** The drive as a PCI function: BAR0 for registers and doorbells, BAR4 for the MSI-X table. */
final class NvmeFunction implements SavableFunction {
  /** Mass storage, non-volatile memory, NVM Express I/O controller. */
  private static final int CLASS_CODE = 0x010802;

  private static final int REVISION = 1;
  private static final int REGISTERS_BAR = 0;

  /** Properties and one page of doorbells, and as much again, for clients that map from 0x1000. */
  private static final int REGISTERS_BYTES = 0x4000;

  /** Apart from the doorbells, so that their page can be mapped into a server as it is. */
  private static final int MSIX_BAR = 4;

  private static final int MSIX_ENTRY_BYTES = 16;
  private static final int PAGE_BYTES = 4096;
  private static final int MSI_VECTORS_MAX = 32;
  private static final int INTA = 1;

  private final NvmeConfig config;
  private final FunctionSpec spec;
  private Controller controller;
  private Registers registers;

  private final Erasure erasure;

  NvmeFunction(NvmeConfig config) {
    this.config = config;
    erasure =
        new Erasure(this, config.namespaces().stream().map(namespace -> namespace.store).toList());
    int tableBytes = pages(config.vectors() * MSIX_ENTRY_BYTES);
    int msiVectors = Math.min(MSI_VECTORS_MAX, Integer.highestOneBit(2 * config.vectors() - 1));
    spec =
        new FunctionSpecBuilder(config.vendorId(), config.deviceId(), CLASS_CODE)
            .revision(REVISION)
            .memory64(REGISTERS_BAR, REGISTERS_BYTES, false)
            .memory32(MSIX_BAR, Integer.highestOneBit(2 * (tableBytes + PAGE_BYTES) - 1))
            .msix(config.vectors(), MSIX_BAR, 0, tableBytes)
            .msi(msiVectors)
            .interruptPin(INTA)
            .serialNumber(config.uuid().getLeastSignificantBits())
            // All properties; doorbells change none of them, but for a fault that is told.
            .readMostly(REGISTERS_BAR, Property.CAP, Property.CRTO + 4)
            .harmlessWrites(REGISTERS_BAR, Property.DOORBELLS, REGISTERS_BYTES - Property.DOORBELLS)
            .build();
  }

  private static int pages(int bytes) {
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
  }

  @Override
  public FunctionSpec spec() {
    return spec;
  }

  @Override
  public void plug(FunctionPort port) {
    controller = new Controller(port, config);
    registers = new Registers(controller);
  }

  @Override
  public long read(int bar, long offset, int bytes) {
    return bar == REGISTERS_BAR ? registers.read(offset, bytes) : 0;
  }

  @Override
  public void write(int bar, long offset, int bytes, long value) {
    if (bar == REGISTERS_BAR && offset < 2 * Property.DOORBELLS) {
      registers.write(offset, bytes, value);
    }
  }

  @Override
  public void reset(ResetKind kind) {
    controller.reset();
  }

  @Override
  public void pause() {
    controller.pause();
  }

  @Override
  public boolean isQuiet() {
    return controller.isQuiet();
  }

  @Override
  public void resume() {
    controller.resume();
  }

  @Override
  public void save(StateWriter state) {
    new ControllerState(controller).save(state);
  }

  @Override
  public void restore(StateReader state) throws StateException {
    new ControllerState(controller).restore(state);
  }

  @Override
  public long capacityBytes() {
    return config.capacityBytes();
  }

  @Override
  public Map<String, String> identity() {
    return config.serial().facts();
  }

  /** Names of namespaces stay: they are the data's. */
  @Override
  public String identify(Map<String, String> wanted) {
    return config.serial().identify(wanted);
  }

  @Override
  public void sanitise(Sanitise how, Sanitised end) {
    erasure.sanitise(how, end, controller::whenAtRest);
  }

  @Override
  public long operations() {
    return controller == null ? 0 : controller.health().commands();
  }

  @Override
  public void unplug() {
    erasure.abandon();
    if (controller == null) {
      config.namespaces().forEach(namespace -> namespace.store.close()); // never plugged
    } else {
      controller.unplug();
    }
  }

  @Override
  public String toString() {
    return "nvme " + config.serial();
  }
}
