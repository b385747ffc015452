package farslot.function;

import farslot.pcie.TlpView;

/**
 * A function that answers the requests to some of its BARs TLP by TLP, and when it can: for cards
 * whose registers are elsewhere. All else stays {@link
 * farslot.function.endpoint.FunctionEndpoint}'s, as for every {@link PciFunction}; so do requests
 * that touch the MSI-X table or PBA in a BAR that is taken.
 */
public interface TlpFunction extends PciFunction {
  /** Whether requests to this BAR come to {@link #onMemoryRequest}. Never changes. */
  boolean takesTlps(int bar);

  /** What the function may do beyond a {@link FunctionPort}. Called once, after {@link #plug}. */
  void plugTlps(TlpPort port);

  /**
   * A memory read or write that lies in one of the BARs taken. A read must be answered through
   * {@link TlpPort}, now or later; a reset forgets it. Poisoned writes never get here.
   *
   * @param request valid during this call only
   * @param bar the BAR's index, of a 64-bit one the lower
   * @param offset of the first enabled byte in that BAR
   */
  void onMemoryRequest(TlpView request, int bar, long offset);

  /**
   * An I/O read or write that lies in one of the BARs taken, of 1 to 4 bytes in a DW. Both must be
   * answered through {@link TlpPort}, a write by {@link TlpPort#complete(TlpView)}.
   *
   * @param request valid during this call only
   * @param bar the BAR's index
   * @param offset of the first enabled byte in that BAR
   */
  default void onIoRequest(TlpView request, int bar, long offset) {
    throw new UnsupportedOperationException("has no I/O BAR");
  }

  /**
   * Software has written configuration space, and what it says has been taken over: for functions
   * that are told of it elsewhere. Resets are told by {@link #reset} alone.
   *
   * @param offset of the DW, 0 to 4092
   */
  default void onConfigured(int offset) {}
}
