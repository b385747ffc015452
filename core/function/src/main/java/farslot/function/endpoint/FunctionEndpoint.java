package farslot.function.endpoint;

import farslot.function.Agent;
import farslot.function.FunctionSpec;
import farslot.function.PciFunction;
import farslot.function.ResetKind;
import farslot.function.SavableFunction;
import farslot.function.TlpFunction;
import farslot.function.VendorCapability;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.CompletionStatus;
import farslot.pcie.LittleEndian;
import farslot.pcie.MessageCode;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpOut;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The generic half of every card: answers TLPs for a {@link PciFunction}. Configuration requests go
 * to its {@link ConfigSpace}; memory and I/O requests that hit an enabled BAR become register
 * accesses; the rest is Unsupported Request, recorded in AER. It stays with its function for life,
 * while the streams that lead to servers come and go.
 *
 * <p>This class decides what a TLP is for and what a reset touches. The work is done by its parts:
 * {@link RegisterAccess} and {@link Completer} for what arrives, {@link DmaEngine} and {@link
 * InterruptUnit} for what the card does, {@link ErrorReporter} for what goes wrong, {@link
 * Upstream} for all that leaves.
 */
public final class FunctionEndpoint implements TlpIn {
  /** Room for the longest read and the widest store behind its end. */
  private static final int READ_BYTES = TlpLimits.PAYLOAD_BYTES_MAX + 8;

  /** One stream leads to one function; it is number 0 of its device. */
  private static final int FUNCTION_NUMBER_MASK = 7;

  private final PciFunction function;

  /** The function, if it takes TLPs; otherwise null. */
  private final TlpFunction tlpFunction;

  /** The function, if it can be saved; otherwise null. */
  private final SavableFunction savable;

  private final ConfigSpace config;
  private final EndpointCounters counters = new EndpointCounters();
  private final PushedBytes pushed;
  private final Upstream upstream;
  private final ErrorReporter errors;
  private final Completer completer;
  private final InterruptUnit interrupts;
  private final DmaEngine dma;
  private final BarMap bars;
  private final RegisterAccess registers;
  private final RegisterEvents events;
  private final TlpView tlp = new TlpView();
  private final MemorySegment data = Arena.ofAuto().allocate(READ_BYTES, Long.BYTES);

  /** Bus and device number, captured from every CfgWr0 (2.2.6.2). */
  private int id;

  private boolean busMaster;
  private boolean paused;

  /** Plugs the function in, with the usual limits. */
  public FunctionEndpoint(PciFunction function, Agent agent) {
    this(function, agent, EndpointOptions.DEFAULT);
  }

  /** Plugs the function in. */
  public FunctionEndpoint(PciFunction function, Agent agent, EndpointOptions options) {
    this.function = function;
    tlpFunction = function instanceof TlpFunction taker ? taker : null;
    savable = function instanceof SavableFunction able ? able : null;
    FunctionSpec spec = function.spec();
    config = new ConfigSpace(spec);
    Runnable failed = this::onOverflow;
    pushed = new PushedBytes(agent, counters, options.pushedBytesMax());
    upstream =
        new Upstream(counters, pushed, options.parkedBytesMax(), () -> agent.execute(failed));
    errors = new ErrorReporter(config, upstream, counters);
    completer = new Completer(upstream, errors, counters);
    interrupts = new InterruptUnit(spec, config, upstream, counters);
    dma = new DmaEngine(agent, counters, options, upstream, pushed, errors);
    bars = new BarMap(spec);
    registers = new RegisterAccess(function, interrupts, counters);
    events = new RegisterEvents(function, bars, upstream, counters);
    configure();
    function.plug(new SlotPort(agent, dma, interrupts, events));
    if (tlpFunction != null) {
      tlpFunction.plugTlps(new TlpAnswers(completer, bars, config, interrupts));
    }
  }

  /** A server is there: what the function sends goes out here. Begins with a hot reset. */
  public void connect(TlpOut out) {
    upstream.disconnect();
    // Sticky bits too: what one server's errors have left there is not for the next one's eyes.
    config.powerOn();
    reset(ResetKind.HOT);
    events.connect(out);
    upstream.connect(out);
  }

  /** The server has gone: DMA stops, the function is reset and waits for the next one. */
  public void disconnect() {
    if (upstream.connected()) {
      upstream.disconnect();
      config.powerOn();
      reset(ResetKind.HOT);
    }
  }

  /** The slot is being emptied: the function gives back what it holds. */
  public void unplug() {
    disconnect();
    function.unplug();
  }

  /** Whether the function can be paused, saved and restored. */
  public boolean isSavable() {
    return savable != null;
  }

  /** Lets a function that is savable come to rest; see {@link SavableFunction#pause}. */
  public void pause() {
    paused = true;
    savable.pause();
  }

  /** Whether a paused function and all around it is at rest, so that it can be saved. */
  public boolean isQuiet() {
    return paused && savable.isQuiet() && dma.isQuiet() && !upstream.anyParked();
  }

  /** Ends {@link #pause}, or lets a restored function begin. */
  public void resume() {
    if (paused) {
      paused = false;
      savable.resume();
    }
  }

  /** The state of a function that is quiet, for {@link #restore} somewhere else. */
  public byte[] save() {
    if (!isQuiet()) {
      throw new IllegalStateException("a function is saved only when it is quiet");
    }
    StateWriter state = new StateWriter();
    EndpointState.save(state, function.spec(), id, config, interrupts);
    savable.save(state);
    return state.toBytes();
  }

  /**
   * Puts a state into a function that is savable and connected; {@link #resume} lets it begin.
   *
   * @throws StateException when that cannot be; the function is as after {@link #connect}
   */
  public void restore(byte[] bytes) throws StateException {
    if (!upstream.connected()) {
      throw new IllegalStateException("a function is restored for a server");
    }
    StateReader state = StateReader.of(bytes);
    config.powerOn();
    reset(ResetKind.HOT);
    try {
      pause();
      id = EndpointState.restore(state, function.spec(), config, interrupts);
      configure();
      savable.restore(state);
      state.finish();
      events.changed();
    } catch (StateException e) {
      config.powerOn();
      reset(ResetKind.HOT);
      throw e;
    }
  }

  /** What has happened here; readable from any thread. */
  public EndpointCounters counters() {
    return counters;
  }

  /** What it lets whoever stands between it and its stream know and do. */
  public EndpointProbe probe() {
    return new EndpointProbe(function.spec(), bars, interrupts, events, upstream);
  }

  /** The configuration space, for people: on the agent thread, read only. */
  public ConfigSpace config() {
    return config;
  }

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    if (!upstream.connected()) {
      return;
    }
    tlp.wrap(segment, offset, tlpBytes);
    boolean change = events.arrives(tlp);
    switch (tlp.flowClass()) {
      case COMPLETION -> dma.onCompletion(tlp);
      case POSTED -> onPosted();
      case NON_POSTED -> onNonPosted();
    }
    if (change) {
      events.handled(tlp);
    }
  }

  @Override
  public void onRoom() {
    upstream.drain();
    dma.roomMayHaveReturned();
  }

  @Override
  public void onHotReset() {
    if (upstream.connected()) {
      config.reset(ResetKind.HOT);
      reset(ResetKind.HOT);
      events.hotReset();
    }
  }

  @Override
  public void onDown() {
    disconnect();
  }

  @Override
  public void onPush(long address, MemorySegment segment, long offset, int bytes, boolean steady) {
    // What waits here to be sent the server cannot have answered to when it read these bytes.
    if (busMaster && (steady || !upstream.anyParked())) {
      pushed.push(address, segment, offset, bytes, steady);
    } else {
      onStalePush(address, bytes);
    }
  }

  @Override
  public void onStalePush(long address, int bytes) {
    pushed.overwritten(address, bytes);
  }

  @Override
  public void onRevoke() {
    pushed.revoke();
  }

  /** The link has found a TLP that fails {@link TlpView#check}, and dropped it. */
  public void onMalformed() {
    counters.add(EndpointCounter.MALFORMED_TLPS);
    errors.report(UncorrectableError.MALFORMED_TLP, false, null);
  }

  private void onPosted() {
    if (TlpType.isMemoryWrite(tlp.fmtType())) {
      memoryWrite();
    } else {
      message();
    }
  }

  private void onNonPosted() {
    switch (tlp.fmtType()) {
      case TlpType.MRD32, TlpType.MRD64 -> memoryRead();
      case TlpType.CFGRD0 -> configRead();
      case TlpType.CFGWR0 -> configWrite();
      case TlpType.IORD -> ioRead();
      case TlpType.IOWR -> ioWrite();
      // Type 1 is for bridges, locked reads are for legacy endpoints, atomics not offered.
      default -> completer.unsupported(tlp);
    }
  }

  private void memoryWrite() {
    int bar = bars.find(tlp.firstByteAddress(), Math.max(1, tlp.enabledBytes()), false);
    if (bar < 0) {
      completer.unsupported(tlp);
    } else if (tlp.poisoned()) {
      errors.poisonedRequest(tlp);
    } else if (taken(bar, tlp.enabledBytes())) {
      tlpFunction.onMemoryRequest(tlp, bars.index(bar), bars.offset(bar, tlp.firstByteAddress()));
    } else if (tlp.enabledBytes() > 0) {
      registers.write(tlp, bars.index(bar), bars.offset(bar, tlp.firstByteAddress()));
    }
  }

  private void memoryRead() {
    int bytes = tlp.enabledBytes();
    int bar = bars.find(tlp.firstByteAddress(), Math.max(1, bytes), false);
    if (bar < 0) {
      completer.unsupported(tlp);
      return;
    }
    if (taken(bar, bytes)) {
      tlpFunction.onMemoryRequest(tlp, bars.index(bar), bars.offset(bar, tlp.firstByteAddress()));
      return;
    }
    // A zero-length read is a flush (2.2.5): it is answered, in order, and reads nothing.
    LittleEndian.i32(data, 0, 0);
    if (bytes > 0) {
      long offset = bars.offset(bar, tlp.firstByteAddress());
      registers.read(tlp, bars.index(bar), offset, data, 0);
    }
    completer.memory(tlp, data, 0);
  }

  /** Whether the function answers the request itself. */
  private boolean taken(int bar, int bytes) {
    return tlpFunction != null
        && tlpFunction.takesTlps(bars.index(bar))
        && !registers.serves(bars.index(bar), bars.offset(bar, tlp.firstByteAddress()), bytes);
  }

  private void ioRead() {
    int bar = bars.find(tlp.firstByteAddress(), Math.max(1, tlp.enabledBytes()), true);
    if (bar < 0) {
      completer.unsupported(tlp);
      return;
    }
    if (taken(bar, tlp.enabledBytes())) {
      tlpFunction.onIoRequest(tlp, bars.index(bar), bars.offset(bar, tlp.firstByteAddress()));
      return;
    }
    LittleEndian.i32(data, 0, 0);
    if (tlp.enabledBytes() > 0) {
      long skipped = tlp.firstByteAddress() & 3;
      long offset = bars.offset(bar, tlp.firstByteAddress());
      registers.read(tlp, bars.index(bar), offset, data, skipped);
    }
    completer.dw(tlp, data, 0);
  }

  private void ioWrite() {
    int bar = bars.find(tlp.firstByteAddress(), Math.max(1, tlp.enabledBytes()), true);
    if (bar < 0) {
      completer.unsupported(tlp);
      return;
    }
    if (tlp.poisoned()) {
      refusePoisoned();
      return;
    }
    if (taken(bar, tlp.enabledBytes())) {
      tlpFunction.onIoRequest(tlp, bars.index(bar), bars.offset(bar, tlp.firstByteAddress()));
      return;
    }
    if (tlp.enabledBytes() > 0) {
      registers.write(tlp, bars.index(bar), bars.offset(bar, tlp.firstByteAddress()));
    }
    completer.status(tlp, CompletionStatus.SC);
  }

  private void configRead() {
    if ((tlp.targetId() & FUNCTION_NUMBER_MASK) != 0) {
      completer.unsupported(tlp);
      return;
    }
    counters.add(EndpointCounter.CONFIG_READS);
    config.pcie.transactionsPending.set(dma.transactionsPending());
    if (config.vendor.isWindow(tlp.configOffset())) {
      readWindow();
    }
    LittleEndian.i32(data, 0, config.read(tlp.configOffset()));
    completer.dw(tlp, data, 0);
  }

  private void configWrite() {
    if ((tlp.targetId() & FUNCTION_NUMBER_MASK) != 0) {
      completer.unsupported(tlp);
      return;
    }
    if (tlp.poisoned()) {
      refusePoisoned();
      return;
    }
    counters.add(EndpointCounter.CONFIG_WRITES);
    id = tlp.targetId();
    int value = LittleEndian.i32(tlp.segment(), tlp.dataOffset());
    config.write(tlp.configOffset(), value, tlp.firstBe());
    if (config.vendor.isWindow(tlp.configOffset())) {
      writeWindow();
    }
    boolean flr = config.pcie.initiateFlr.isSet();
    if (!flr) {
      configure();
      if (tlpFunction != null) {
        tlpFunction.onConfigured(tlp.configOffset());
      }
    }
    completer.status(tlp, CompletionStatus.SC);
    if (flr) {
      // 6.6.2: the request that begins the reset is completed first.
      config.reset(ResetKind.FLR);
      reset(ResetKind.FLR);
    }
  }

  /** What software reads in a {@link VendorCapability}'s window is a register. */
  private void readWindow() {
    VendorCapabilities vendor = config.vendor;
    int bytes = vendor.windowBytes(function.spec());
    if (bytes > 0) {
      vendor.window((int) registers.read(vendor.windowBar(), vendor.windowOffset(), bytes));
    }
  }

  private void writeWindow() {
    VendorCapabilities vendor = config.vendor;
    int bytes = vendor.windowBytes(function.spec());
    if (bytes > 0) {
      // No guide has seen this write: what it makes the card read may be newer than what is here.
      pushed.revoke();
      long value = vendor.window() & (1L << 8 * bytes) - 1;
      registers.write(vendor.windowBar(), vendor.windowOffset(), bytes, value);
    }
  }

  /** 2.7.2.2: poisoned data changes nothing, and the request ends as an unsupported one does. */
  private void refusePoisoned() {
    errors.poisonedRequest(tlp);
    completer.status(tlp, CompletionStatus.UR);
  }

  /** 2.2.8: what an endpoint may be told. */
  private void message() {
    counters.add(EndpointCounter.MESSAGES_RECEIVED);
    int code = tlp.messageCode();
    switch (code) {
      case MessageCode.PME_TURN_OFF -> errors.acknowledgeTurnOff();
      case MessageCode.PM_ACTIVE_STATE_NAK,
          MessageCode.UNLOCK,
          MessageCode.SET_SLOT_POWER_LIMIT,
          MessageCode.VENDOR_DEFINED_TYPE_1 -> {
        // Accepted; there is nothing here to tell.
      }
      default -> {
        if (code < MessageCode.ATTENTION_INDICATOR_OFF
            || code > MessageCode.ATTENTION_BUTTON_PRESSED) {
          completer.unsupported(tlp);
        }
      }
    }
  }

  /** Takes over what configuration space now says. */
  private void configure() {
    boolean awake = config.power.inD0();
    boolean mastering =
        awake && config.header.busMaster.isSet() && upstream.connected() && !upstream.overflowed();
    bars.configure(config.header, awake);
    errors.configure(id);
    completer.configure(id, config.pcie.maxPayloadBytes());
    dma.configure(config.pcie, id, mastering);
    interrupts.configure(id, mastering, awake);
    if (!mastering) {
      pushed.forget();
    }
    if (mastering != busMaster) {
      busMaster = mastering;
      function.busMaster(mastering);
    }
  }

  /** Everything but configuration space itself, which the caller has reset. */
  private void reset(ResetKind kind) {
    counters.add(EndpointCounter.RESETS);
    pushed.forget();
    if (kind == ResetKind.FLR) {
      upstream.forgetWrites();
      dma.abandon();
    } else {
      upstream.forgetAll();
      dma.forget();
      interrupts.forgetLevel();
    }
    function.reset(kind);
    interrupts.reset();
    configure();
    resume();
    dma.roomMayHaveReturned();
  }

  /** More waited to be sent than may: some is lost, so nothing of it can be trusted. */
  private void onOverflow() {
    errors.report(UncorrectableError.INTERNAL_ERROR, false, null);
    configure();
  }
}
