package farslot.function.endpoint;

import farslot.function.FunctionSpec;
import farslot.function.Interrupts;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.LittleEndian;
import farslot.pcie.MessageCode;
import farslot.pcie.TlpEncoder;
import java.lang.foreign.MemorySegment;

/**
 * A function's interrupts: MSI-X and MSI as memory writes, INTx as messages (PCI Express Base
 * Specification 6.1). All of them are posted requests and stay behind the writes before them.
 */
final class InterruptUnit implements Interrupts {
  private static final int DATA_BYTES = 4;
  private static final int MESSAGE_BYTES = 16;

  private final ConfigSpace config;
  private final Upstream upstream;
  private final EndpointCounters counters;
  private final int pin;

  /** Null when the function has no MSI-X. */
  private final MsixTable table;

  private int requesterId;
  private boolean busMaster;
  private boolean awake;

  /** What the card says. */
  private boolean level;

  /** What somebody says who wants it asserted in any case. */
  private boolean forced;

  /** What the server has been told. */
  private boolean assertSent;

  InterruptUnit(
      FunctionSpec spec, ConfigSpace config, Upstream upstream, EndpointCounters counters) {
    this.config = config;
    this.upstream = upstream;
    this.counters = counters;
    pin = spec.interruptPin();
    table = spec.msixVectors() == 0 ? null : new MsixTable(spec);
  }

  /** Null when the function has no MSI-X. */
  MsixTable table() {
    return table;
  }

  /** Takes over what software has configured, and delivers what that has made deliverable. */
  void configure(int newRequesterId, boolean newBusMaster, boolean newAwake) {
    requesterId = newRequesterId;
    busMaster = newBusMaster;
    awake = newAwake;
    driveIntx();
    deliverPending();
  }

  /** Back to silence. Where the server still counts on it, INTx is deasserted first. */
  void reset() {
    level = false;
    forced = false;
    config.header.interruptStatus.set(false);
    driveIntx();
    if (table != null) {
      table.reset();
    }
  }

  /** The server has forgotten INTx's level, so there is nothing to deassert. */
  void forgetLevel() {
    assertSent = false;
  }

  /** What is asserted and what masks hold back; what is enabled stands in configuration space. */
  void save(StateWriter state) {
    state.flag(level).i32(config.msi == null ? 0 : config.msi.pending.value());
    if (table != null) {
      table.save(state);
    }
  }

  /** Sends nothing: {@link #configure} follows. */
  void restore(StateReader state) throws StateException {
    level = state.flag();
    config.header.interruptStatus.set(level && pin != 0);
    int pending = state.i32();
    if (config.msi != null) {
      int known = (int) ((1L << config.msi.vectorsMax()) - 1);
      config.msi.pending.set(pending & known);
    }
    if (table != null) {
      table.restore(state);
    }
  }

  @Override
  public boolean messageSignalled() {
    return msixEnabled() || msiEnabled();
  }

  @Override
  public int vectors() {
    if (msixEnabled()) {
      return table.vectors();
    }
    return msiEnabled() ? config.msi.vectors() : 1;
  }

  /** Where a vector's message goes; 0 when there is no such vector or nobody has said it yet. */
  long messageAddress(int vector) {
    if (!msixEnabled() && msiEnabled()) {
      return vector < config.msi.vectorsMax() ? config.msi.address() : 0;
    }
    return table != null && vector < table.vectors() ? table.address(vector) : 0;
  }

  /** What goes there. */
  int messageData(int vector) {
    if (!msixEnabled() && msiEnabled()) {
      return config.msi.data(vector & config.msi.vectors() - 1);
    }
    return table != null && vector < table.vectors() ? table.data(vector) : 0;
  }

  @Override
  public void signal(int vector) {
    if (vector < 0) {
      return;
    }
    if (msixEnabled()) {
      signalMsix(vector);
    } else if (msiEnabled()) {
      signalMsi(vector);
    }
  }

  private void signalMsix(int vector) {
    if (vector >= table.vectors()) {
      return;
    }
    if (config.msix.functionMask.isSet() || table.masked(vector)) {
      table.pending(vector, true);
      counters.add(EndpointCounter.INTERRUPTS_PENDED);
    } else {
      send(table.address(vector), table.data(vector));
    }
  }

  /** With fewer vectors granted than the card has, several share one (6.1.4). */
  private void signalMsi(int vector) {
    MsiCapability msi = config.msi;
    if (vector >= msi.vectorsMax()) {
      return;
    }
    int granted = vector & msi.vectors() - 1;
    if ((msi.mask.value() >>> granted & 1) != 0) {
      msi.pending.set(msi.pending.value() | 1 << granted);
      counters.add(EndpointCounter.INTERRUPTS_PENDED);
    } else {
      send(msi.address(), msi.data(granted));
    }
  }

  @Override
  public void level(boolean asserted) {
    level = asserted;
    config.header.interruptStatus.set((level || forced) && pin != 0);
    driveIntx();
  }

  /** Asserts INTx whatever the card says, or no more. */
  void force(boolean asserted) {
    forced = asserted;
    level(level);
  }

  /** A vector's table entry was written: send what a mask has held back. */
  void tableWritten(int vector) {
    if (msixEnabled() && !config.msix.functionMask.isSet()) {
      deliverMsix(vector);
    }
  }

  private void deliverPending() {
    if (msixEnabled() && !config.msix.functionMask.isSet()) {
      for (int vector = 0; vector < table.vectors(); vector++) {
        deliverMsix(vector);
      }
    } else if (!msixEnabled() && msiEnabled()) {
      deliverMsi();
    }
  }

  private void deliverMsix(int vector) {
    if (table.pending(vector) && !table.masked(vector) && busMaster) {
      table.pending(vector, false);
      send(table.address(vector), table.data(vector));
    }
  }

  private void deliverMsi() {
    MsiCapability msi = config.msi;
    int ready = msi.pending.value() & ~msi.mask.value();
    if (ready == 0 || !busMaster) {
      return;
    }
    msi.pending.set(msi.pending.value() & ~ready);
    for (int vector = 0; vector < msi.vectorsMax(); vector++) {
      if ((ready >>> vector & 1) != 0) {
        send(msi.address(), msi.data(vector & msi.vectors() - 1));
      }
    }
  }

  private boolean msixEnabled() {
    return config.msix != null && config.msix.enable.isSet();
  }

  private boolean msiEnabled() {
    return config.msi != null && config.msi.enable.isSet();
  }

  /** One DW to the address that software chose. */
  private void send(long address, int data) {
    if (!busMaster) {
      counters.add(EndpointCounter.BUS_MASTER_OFF_DROPS);
      return;
    }
    long at = upstream.claimWrite(address, DATA_BYTES);
    if (at < 0) {
      return;
    }
    MemorySegment segment = upstream.segment();
    TlpEncoder.memoryWrite(segment, at, requesterId, address, DATA_BYTES);
    LittleEndian.i32(segment, at + TlpEncoder.memoryHeaderBytes(address), data);
    upstream.commit();
    counters.add(EndpointCounter.INTERRUPTS_SENT);
  }

  /** Tells the server when the level that it may see has changed (2.2.8.1). */
  private void driveIntx() {
    boolean wanted =
        (level || forced)
            && pin != 0
            && awake
            && !config.header.interruptDisable.isSet()
            && !messageSignalled();
    if (wanted == assertSent || pin == 0) {
      return;
    }
    long at = upstream.claimPosted(MESSAGE_BYTES, 0);
    if (at < 0) {
      return;
    }
    int code = MessageCode.intx(pin, wanted);
    TlpEncoder.message(upstream.segment(), at, requesterId, 0, MessageCode.LOCAL, code);
    upstream.commit();
    assertSent = wanted;
    counters.add(EndpointCounter.INTERRUPTS_SENT);
  }
}
