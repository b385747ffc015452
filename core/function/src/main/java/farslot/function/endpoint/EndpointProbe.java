package farslot.function.endpoint;

import farslot.function.FunctionSpec;
import farslot.function.Interrupts;
import farslot.pcie.TlpOut;
import farslot.pcie.TlpView;

/**
 * What an endpoint lets whoever stands between it and its stream know and do. On its agent thread.
 */
public final class EndpointProbe {
  private static final int NOWHERE = -1;

  private final FunctionSpec spec;
  private final BarMap bars;
  private final InterruptUnit interrupts;
  private final RegisterEvents events;
  private final Upstream upstream;

  EndpointProbe(
      FunctionSpec spec,
      BarMap bars,
      InterruptUnit interrupts,
      RegisterEvents events,
      Upstream upstream) {
    this.spec = spec;
    this.bars = bars;
    this.interrupts = interrupts;
    this.events = events;
    this.upstream = upstream;
  }

  /**
   * The index of the BAR that holds all of what a memory or I/O request wants, 0 to 5, or -1.
   *
   * @param bytes at least 1
   */
  public int bar(long address, int bytes, boolean io) {
    int place = bars.find(address, bytes, io);
    return place == NOWHERE ? NOWHERE : bars.index(place);
  }

  /** An address's offset in the BAR of this index. */
  public long offset(int bar, long address) {
    return address - bars.base(bar);
  }

  /**
   * The vector whose message a write of a DW is, or -1: it is data.
   *
   * @param data little-endian
   */
  public int vector(long address, int data) {
    int vectors = Math.max(spec.msixVectors(), spec.msiVectors());
    for (int vector = 0; vector < vectors; vector++) {
      long message = interrupts.messageAddress(vector);
      if (message != 0 && message == address && interrupts.messageData(vector) == data) {
        return vector;
      }
    }
    return NOWHERE;
  }

  /** The function's own interrupts. */
  public Interrupts interrupts() {
    return interrupts;
  }

  /** Whether software may get INTx from here now, if somebody asserts it. */
  public boolean hasPin() {
    return spec.interruptPin() != 0 && !interrupts.messageSignalled();
  }

  /** Holds INTx asserted whatever the card says, or leaves it to the card again. */
  public void forceLevel(boolean asserted) {
    interrupts.force(asserted);
  }

  /** Whether what is sent would go out at once. */
  public boolean hasRoom() {
    return upstream.connected() && upstream.hasRoom();
  }

  /** Sends through here from now on; what is parked stays so until there is room. */
  public void route(TlpOut out) {
    if (upstream.connected()) {
      upstream.connect(out);
    }
  }

  /** Tells the server anew what registers hold. */
  public void tellRegisters() {
    events.changed();
  }

  /** A request has come that the function never sees: it counts among what has come. */
  public void lost(TlpView request) {
    if (events.arrives(request)) {
      events.handled(request);
    }
  }
}
