package farslot.testkit;

import farslot.function.Card;
import farslot.function.CardSlot;
import farslot.function.OnAgent;
import farslot.function.PciFunction;
import farslot.function.endpoint.EndpointOptions;
import java.util.HashMap;
import java.util.Map;

/**
 * A slot in virtual time, with a root complex for each function that a test asks for: all on one
 * {@link FakeAgent}, as the functions of a card are.
 */
public final class TestSlot implements CardSlot, OnAgent {
  private final FakeAgent agent;
  private final Map<String, PciFunction> present = new HashMap<>();
  private final Map<String, String> absent = new HashMap<>();

  /** Puts a card into a slot. */
  public TestSlot(Card card) {
    this(card, new FakeAgent());
  }

  /** Puts a card into a slot of an agent that others use, too. */
  public TestSlot(Card card, FakeAgent agent) {
    this.agent = agent;
    card.insert(this);
  }

  @Override
  public FakeAgent agent() {
    return agent;
  }

  /** A function that is there; an error of the test when it is not. */
  public PciFunction function(String name) {
    PciFunction function = present.get(name);
    if (function == null) {
      throw new AssertionError("no function '" + name + "': " + absent.get(name));
    }
    return function;
  }

  /** Why a function is not there; null when it is, or has never been spoken of. */
  public String cause(String name) {
    return absent.get(name);
  }

  /** A root complex of its own around one function. */
  public FakeRootComplex root(String name) {
    return new FakeRootComplex(function(name), agent, EndpointOptions.DEFAULT, 1);
  }

  @Override
  public void present(String function, PciFunction what) {
    if (present.put(function, what) != null) {
      throw new AssertionError("function '" + function + "' is present already");
    }
    absent.remove(function);
  }

  @Override
  public void absent(String function, String cause) {
    PciFunction gone = present.remove(function);
    absent.put(function, cause);
    if (gone != null) {
      gone.unplug();
    }
  }
}
