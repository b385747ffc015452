package farslot.appliance;

import farslot.control.Faults;
import farslot.function.faults.FaultInjector;
import java.util.List;
import java.util.Map;

/** Faults on demand, for all slots of an appliance. */
record SlotFaults(Map<String, Slot> slots) implements Faults {
  @Override
  public List<String> functions() {
    return List.copyOf(slots.keySet());
  }

  @Override
  public FaultInjector of(String function) {
    Slot slot = slots.get(function);
    if (slot == null) {
      throw new IllegalArgumentException(
          "no function '" + function + "' here; there are " + slots.keySet());
    }
    if (slot.endpoint() == null) {
      throw new IllegalArgumentException(
          "function '%s' is not there, so nothing can be wrong with it: %s"
              .formatted(function, slot.absence()));
    }
    return slot.endpoint();
  }
}
