package farslot.function;

import farslot.pcie.TlpIn;
import farslot.pcie.TlpOut;
import java.lang.foreign.MemorySegment;

/**
 * The generic half of every card: answers TLPs for a {@link PciFunction}. Configuration requests go
 * to its {@link ConfigSpace}; memory and I/O requests that hit an enabled BAR become register
 * accesses; the rest is Unsupported Request, recorded in AER. It stays with its function for life,
 * while the streams that lead to servers come and go.
 */
public final class FunctionEndpoint implements TlpIn {
  /** Plugs the function in. */
  public FunctionEndpoint(PciFunction function, Agent agent) {
    throw new UnsupportedOperationException();
  }

  /** A server is there: what the function sends goes out here. Begins with a hot reset. */
  public void connect(TlpOut out) {
    throw new UnsupportedOperationException();
  }

  /** The server has gone: DMA stops, the function is reset and waits for the next one. */
  public void disconnect() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onRoom() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onHotReset() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onDown() {
    throw new UnsupportedOperationException();
  }
}
