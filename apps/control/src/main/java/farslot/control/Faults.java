package farslot.control;

import farslot.function.faults.FaultInjector;
import java.util.List;

/** An appliance's functions as far as faults can be set on them. On the data thread. */
public interface Faults {
  /** The names of all functions, those included that are not there just now. */
  List<String> functions();

  /**
   * What makes faults of a function.
   *
   * @throws IllegalArgumentException when there is no such function, or nothing in its place; its
   *     message says why and what to do
   */
  FaultInjector of(String function);
}
