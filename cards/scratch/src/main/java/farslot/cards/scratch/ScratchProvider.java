package farslot.cards.scratch;

import farslot.function.BackEnds;
import farslot.function.CardConfig;
import farslot.function.CardProvider;
import farslot.function.PciFunction;

/** Makes scratch cards. */
public final class ScratchProvider implements CardProvider {
  @Override
  public String kind() {
    return "scratch";
  }

  @Override
  public String summary() {
    return "scratch";
  }

  @Override
  public PciFunction create(CardConfig config, BackEnds backEnds) {
    throw new UnsupportedOperationException();
  }
}
