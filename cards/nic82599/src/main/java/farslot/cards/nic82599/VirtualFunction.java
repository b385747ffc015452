package farslot.cards.nic82599;

import static farslot.cards.nic82599.spec.PciId.*;
import static farslot.cards.nic82599.spec.VfRegister.*;

import farslot.cards.nic82599.bridge.BridgePort;
import farslot.cards.nic82599.bridge.Mac;
import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.ResetKind;
import farslot.function.SavableFunction;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** A virtual function as a server sees it: BAR0 has the registers, BAR3 the MSI-X table. */
final class VirtualFunction implements SavableFunction {
  private static final int QUEUES_USUALLY_USED = 2;

  private final BridgePort bridge;
  private final FunctionSpec spec;
  private Registers registers;

  VirtualFunction(BridgePort bridge) {
    this.bridge = bridge;
    spec = spec();
  }

  @Override
  public FunctionSpec spec() {
    if (spec != null) {
      return spec;
    }
    FunctionSpecBuilder builder =
        new FunctionSpecBuilder(VENDOR, DEVICE_82599_VF, CLASS_CODE)
            .revision(REVISION)
            .subsystem(VENDOR, SUBSYSTEM)
            .memory64(REGISTERS_BAR, REGISTERS_BYTES, false)
            .memory64(MSIX_BAR, MSIX_BYTES, false)
            .msix(MSIX_VECTORS, MSIX_BAR, MSIX_TABLE, MSIX_PBA)
            .readMostly(REGISTERS_BAR, VFSTATUS, VFLINKS + 4 - VFSTATUS)
            .harmlessWrites(REGISTERS_BAR, VTEIMS, 4);
    for (int queue = 0; queue < QUEUES_USUALLY_USED; queue++) {
      int at = queue * QUEUE_STRIDE;
      builder
          .harmlessWrites(REGISTERS_BAR, RECEIVE_QUEUES + VFRDT + at, 4)
          .harmlessWrites(REGISTERS_BAR, TRANSMIT_QUEUES + VFTDT + at, 4);
    }
    return builder.build();
  }

  @Override
  public void plug(FunctionPort port) {
    registers = new Registers(port, bridge);
    bridge.attach(registers);
  }

  @Override
  public long read(int bar, long offset, int bytes) {
    if (bar != REGISTERS_BAR) {
      return 0;
    }
    int register = (int) offset & ~3;
    if (bytes == 8) {
      long low = Integer.toUnsignedLong(registers.read(register));
      return (long) registers.read(register + 4) << 32 | low;
    }
    return registers.read(register) >>> 8 * (int) (offset & 3) & (1L << 8 * bytes) - 1;
  }

  /** Registers are written as wholes (8.1.1): a part of one is ignored. */
  @Override
  public void write(int bar, long offset, int bytes, long value) {
    if (bar != REGISTERS_BAR || bytes < 4) {
      return;
    }
    registers.write((int) offset, (int) value);
    if (bytes == 8) {
      registers.write((int) offset + 4, (int) (value >>> 32));
    }
  }

  @Override
  public void reset(ResetKind kind) {
    registers.reset();
  }

  @Override
  public void pause() {
    registers.pause(true);
  }

  @Override
  public boolean isQuiet() {
    return registers.isQuiet();
  }

  @Override
  public void resume() {
    registers.pause(false);
  }

  @Override
  public void save(StateWriter state) {
    registers.save(state);
  }

  @Override
  public void restore(StateReader state) throws StateException {
    registers.restore(state);
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> all = new LinkedHashMap<>(bridge.counts());
    if (registers != null) {
      all.putAll(registers.counts().nonZero());
    }
    return all;
  }

  @Override
  public Map<String, String> identity() {
    return Map.of(MAC, Mac.text(bridge.mac()));
  }

  @Override
  public String identify(Map<String, String> wanted) {
    for (String key : wanted.keySet()) {
      if (!key.equals(MAC)) {
        return "a network card has no '" + key + "' that could be given to it, only a mac";
      }
    }
    String mac = wanted.getOrDefault(MAC, "");
    if (!mac.isEmpty() && !Mac.isOne(mac) || !bridge.identify(mac.isEmpty() ? 0 : Mac.parse(mac))) {
      return "'mac: " + mac + "' should be a station's address that no other port of the card has";
    }
    return "";
  }

  /** What guests have set in the switch goes with the reset, too. */
  @Override
  public boolean forgetsWhenReset() {
    return true;
  }

  @Override
  public long operations() {
    return bridge.frames();
  }

  @Override
  public void unplug() {
    if (registers != null) {
      bridge.detach();
    }
  }

  @Override
  public String toString() {
    return "82599 virtual function";
  }
}
