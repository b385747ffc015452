package farslot.manager.engine;

import farslot.api.Router;
import farslot.store.Transaction;
import java.util.List;

/** Something that a manager does besides assignments, such as profiles. */
public interface Part {
  /** Adds what it can be asked. Called once, before the manager starts. */
  default void routes(Manager manager, Router router) {}

  /**
   * The steps that it makes now, from how things are. Called again after anything has changed, at
   * least once a second, and must end in no steps when there is nothing to do. A step whose
   * compares do not hold any more is passed over.
   */
  default List<Transaction> due(View view, Now now) {
    return List.of();
  }
}
