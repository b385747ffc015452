package farslot.function;

import farslot.pcie.TlpView;

/**
 * A function that answers the memory requests to some of its BARs TLP by TLP, and when it can: for
 * cards whose registers are elsewhere. All else stays {@link FunctionEndpoint}'s, as for every
 * {@link PciFunction}.
 */
public interface TlpFunction extends PciFunction {
  /** Whether memory requests to this BAR come to {@link #onMemoryRequest}. Never changes. */
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
}
