package farslot.cards.uart16550.modem;

import farslot.function.Agent;
import farslot.function.Call;
import farslot.function.Calls;
import java.util.HashMap;
import java.util.Map;

/** The numbers of a card's own modems: these reach each other without any network. */
public final class Exchange {
  private final Map<String, Calls.Incoming> stations = new HashMap<>();

  /** Gives a number to somebody; false when it is taken. */
  boolean join(String number, Calls.Incoming station) {
    return stations.putIfAbsent(number, station) == null;
  }

  void leave(String number) {
    stations.remove(number);
  }

  boolean has(String number) {
    return stations.containsKey(number);
  }

  /** Calls a number that is there. */
  Call dial(Agent agent, String from, String number) {
    CallPair pair = new CallPair(agent, from, number);
    stations.get(number).onCall(pair.called());
    return pair.caller();
  }
}
