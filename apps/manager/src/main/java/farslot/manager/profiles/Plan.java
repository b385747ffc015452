package farslot.manager.profiles;

import farslot.store.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * What a wish changes, before it does.
 *
 * @param revision of what it was made from
 * @param steps in the order in which they begin; none if all is as wished
 * @param diff what changes in what people write, as a unified diff; "" for nothing
 * @param transaction all or nothing of it; empty if there is nothing to do
 * @param changeId of the change that it makes, if anything has to follow that takes its time
 * @param profiles whose assignments follow
 */
public record Plan(
    long revision,
    List<PlanStep> steps,
    String diff,
    Optional<Transaction> transaction,
    Optional<String> changeId,
    List<String> profiles) {
  public Plan {
    steps = List.copyOf(steps);
    profiles = List.copyOf(profiles);
  }

  public boolean isEmpty() {
    return transaction.isEmpty();
  }
}
