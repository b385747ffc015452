package farslot.cards.nvme;

import farslot.function.BackEnds;
import farslot.function.CardConfig;
import farslot.function.CardProvider;
import farslot.function.PciFunction;

/** Makes nvme cards. */
public final class NvmeProvider implements CardProvider {
  @Override
  public String kind() {
    return "nvme";
  }

  @Override
  public String summary() {
    return "nvme";
  }

  @Override
  public PciFunction create(CardConfig config, BackEnds backEnds) {
    throw new UnsupportedOperationException();
  }
}
