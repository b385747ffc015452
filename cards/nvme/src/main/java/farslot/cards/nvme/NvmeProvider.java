package farslot.cards.nvme;

import farslot.function.BackEnds;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardProvider;
import farslot.function.PciFunction;

/** Makes drives from {@code card: nvme}. */
public final class NvmeProvider implements CardProvider {
  @Override
  public String kind() {
    return "nvme";
  }

  @Override
  public String summary() {
    return "NVM Express 2.0 drive with namespaces in files or memory (driver: nvme)";
  }

  @Override
  public PciFunction create(CardConfig config, BackEnds backEnds) throws CardConfigException {
    return new NvmeFunction(NvmeConfig.read(config, backEnds));
  }
}
