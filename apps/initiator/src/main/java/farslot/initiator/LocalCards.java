package farslot.initiator;

import farslot.backend.BackEndFactory;
import farslot.config.ConfigException;
import farslot.config.ConfigFile;
import farslot.function.Card;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardProvider;
import farslot.function.PciFunction;
import farslot.linux.EventLoop;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Makes the cards that an initiator houses itself, and owns what stands behind them. */
final class LocalCards implements AutoCloseable {
  private final EventLoop loop;
  private final TreeMap<String, CardProvider> providers = new TreeMap<>();

  /** Null until the first card: most initiators house none. */
  private BackEndFactory backEnds;

  LocalCards(EventLoop loop) {
    this.loop = loop;
    for (CardProvider provider : ServiceLoader.load(CardProvider.class)) {
      providers.put(provider.kind(), provider);
    }
  }

  /**
   * Makes one.
   *
   * @throws ConfigException when it cannot be had: this is not a card that comes later
   */
  PciFunction make(CardConfig config) {
    if (backEnds == null) {
      backEnds = new BackEndFactory(loop);
    }
    try {
      CardProvider provider = providers.get(config.string("card"));
      if (provider == null) {
        throw config.wrong("card", "one of " + providers.keySet());
      }
      Card card = provider.create(config, backEnds);
      config.finish();
      if (card instanceof PciFunction function) {
        return function;
      }
      throw config.wrong("card", "a card of one function; put this one into an appliance's slot");
    } catch (CardConfigException e) {
      throw ConfigFile.wrong(e);
    }
  }

  @Override
  public void close() {
    if (backEnds != null) {
      backEnds.close();
    }
  }
}
