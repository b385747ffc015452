package farslot.fuzz;

import farslot.pcie.TlpIn;

/** Who only hears TLPs. */
interface Hearer extends TlpIn {
  @Override
  default void onRoom() {}

  @Override
  default void onHotReset() {}

  @Override
  default void onDown() {}
}
