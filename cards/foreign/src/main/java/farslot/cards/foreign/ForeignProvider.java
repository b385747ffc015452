package farslot.cards.foreign;

import farslot.function.BackEnds;
import farslot.function.Card;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardProvider;
import farslot.function.ForeignDevice;

/** Makes cards that other processes are. */
public final class ForeignProvider implements CardProvider {
  @Override
  public String kind() {
    return "vfio-user";
  }

  @Override
  public String summary() {
    return "a device of another process that speaks vfio-user, on a unix socket: any driver";
  }

  @Override
  public Card create(CardConfig config, BackEnds backEnds) throws CardConfigException {
    ForeignDevice device = backEnds.foreignDevice(config);
    config.finish();
    return new ForeignCard(device);
  }
}
