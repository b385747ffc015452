package farslot.manager.model;

import farslot.manager.model.ProfileDocument.Qos;
import farslot.manager.model.ProfileDocument.Sanitise;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * With what a server gets a function.
 *
 * @param identity given to the function, such as {@code mac}; empty for its own
 * @param bootOrder 1 for the first; 0 for none
 * @param qos how much it may carry; null for no bound
 * @param sanitise what is done to it before the next server gets it
 */
public record Terms(Map<String, String> identity, int bootOrder, Qos qos, Sanitise sanitise) {
  public static final Terms NONE = new Terms(Map.of(), 0, null, Sanitise.NONE);

  public Terms {
    identity = identity == null ? Map.of() : Map.copyOf(identity);
    sanitise = Objects.requireNonNullElse(sanitise, Sanitise.NONE);
  }

  /** How much it may carry, as agents are told. */
  public farslot.api.agent.Qos rate() {
    return qos == null
        ? farslot.api.agent.Qos.NONE
        : new farslot.api.agent.Qos(
            qos.committedBytesPerSecond(),
            qos.peakBytesPerSecond(),
            qos.burstBytes(),
            qos.trafficClass());
  }

  List<String> problems() {
    Check check = new Check().attributes("identity", identity).atLeast("boot-order", bootOrder, 0);
    return qos == null ? check.problems() : check.part("qos", qos.problems()).problems();
  }
}
