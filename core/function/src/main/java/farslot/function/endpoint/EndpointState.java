package farslot.function.endpoint;

import farslot.function.FunctionSpec;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * What of a function's state its endpoint holds: which function it is, configuration space with
 * AER, the MSI-X table with its pending bits, INTx's level. What is under way is not among it: a
 * state is taken when nothing is.
 */
final class EndpointState {
  private static final String FUNCTION = "function";
  private static final int FUNCTION_VERSION = 1;
  private static final String CONFIG = "config";
  private static final int CONFIG_VERSION = 1;
  private static final String INTERRUPTS = "interrupts";
  private static final int INTERRUPTS_VERSION = 1;

  private EndpointState() {}

  /**
   * @param id bus and device number that software's last configuration write was for
   */
  static void save(
      StateWriter state, FunctionSpec spec, int id, ConfigSpace config, InterruptUnit interrupts) {
    state.part(FUNCTION, FUNCTION_VERSION);
    state.u16(spec.vendorId()).u16(spec.deviceId());
    state.u8(spec.revisionId()).i32(spec.classCode());
    state.u16(spec.subsystemVendorId()).u16(spec.subsystemId());
    state.u16(spec.msixVectors()).u8(spec.msiVectors()).u8(spec.interruptPin());
    state.u8(spec.bars().size());
    for (FunctionSpec.Bar bar : spec.bars()) {
      state.u8(bar.index()).u8(bar.kind().ordinal()).i64(bar.sizeBytes());
    }
    state.part(CONFIG, CONFIG_VERSION);
    state.u16(id);
    config.save(state);
    state.part(INTERRUPTS, INTERRUPTS_VERSION);
    interrupts.save(state);
  }

  /** Takes over what {@link #save} has written; returns the bus and device number. */
  static int restore(
      StateReader state, FunctionSpec spec, ConfigSpace config, InterruptUnit interrupts)
      throws StateException {
    check(state, spec);
    state.part(CONFIG, CONFIG_VERSION);
    int id = state.u16();
    config.restore(state);
    state.part(INTERRUPTS, INTERRUPTS_VERSION);
    interrupts.restore(state);
    return id;
  }

  /** Only the same function can go on where another has stopped. */
  private static void check(StateReader state, FunctionSpec spec) throws StateException {
    state.part(FUNCTION, FUNCTION_VERSION);
    int vendorId = state.u16();
    int deviceId = state.u16();
    if (vendorId != spec.vendorId() || deviceId != spec.deviceId()) {
      throw new StateException(
          String.format(
              "the state is that of a function %04x:%04x, and this one is %04x:%04x",
              vendorId, deviceId, spec.vendorId(), spec.deviceId()));
    }
    same(state, "revision", state.u8(), spec.revisionId());
    same(state, "class code", state.i32(), spec.classCode());
    same(state, "subsystem vendor", state.u16(), spec.subsystemVendorId());
    same(state, "subsystem", state.u16(), spec.subsystemId());
    same(state, "MSI-X vectors", state.u16(), spec.msixVectors());
    same(state, "MSI vectors", state.u8(), spec.msiVectors());
    same(state, "interrupt pin", state.u8(), spec.interruptPin());
    same(state, "BARs", state.u8(), spec.bars().size());
    for (FunctionSpec.Bar bar : spec.bars()) {
      String name = "BAR " + bar.index();
      same(state, name + "'s index", state.u8(), bar.index());
      same(state, name + "'s kind", state.u8(), bar.kind().ordinal());
      same(state, name + "'s size", state.i64(), bar.sizeBytes());
    }
  }

  private static void same(StateReader state, String what, long saved, long here)
      throws StateException {
    state.require(
        saved == here,
        String.format("%s was 0x%x where it was saved and is 0x%x here", what, saved, here));
  }
}
