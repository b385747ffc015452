package farslot.appliance;

import farslot.function.Agent;
import farslot.function.Card;
import farslot.function.CardSlot;
import farslot.function.OnAgent;
import farslot.function.PciFunction;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;

/** A card in an appliance: it says which of its functions are there, and each has its own slot. */
final class Housing implements CardSlot, OnAgent {
  private static final Logger LOG = System.getLogger("farslot.appliance");

  private final Card card;

  /** By the name that the card gives to a function. */
  private final Map<String, Slot> slots;

  private final Agent agent;

  Housing(Card card, Map<String, Slot> slots, Agent agent) {
    this.card = card;
    this.slots = Map.copyOf(slots);
    this.agent = agent;
  }

  /** The name under which a function is lent. */
  static String functionName(String slot, String function) {
    return function.isEmpty() ? slot : slot + "." + function;
  }

  void insert() {
    card.insert(this);
  }

  void remove() {
    slots.values().forEach(Slot::unplug);
    card.remove();
  }

  @Override
  public void present(String function, PciFunction what) {
    Slot slot = slots.get(function);
    slot.present(what);
    LOG.log(Level.INFO, "{0}: {1}", slot.name(), slot.identity());
  }

  @Override
  public void absent(String function, String cause) {
    Slot slot = slots.get(function);
    if (!cause.equals(slot.absence())) {
      LOG.log(Level.WARNING, "{0}: nobody can use it: {1}", slot.name(), cause);
    }
    slot.absent(cause);
  }

  @Override
  public Agent agent() {
    return agent;
  }
}
