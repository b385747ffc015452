package farslot.store;

import java.util.List;

/**
 * What came of a transaction.
 *
 * @param succeeded whether the compares held
 * @param revision the one that it made; if it changed nothing, the last one before it
 * @param results of the branch that was done, one for each action
 */
public record TransactionResult(boolean succeeded, long revision, List<ActionResult> results) {
  public TransactionResult {
    results = List.copyOf(results);
  }

  /** What the action at this place read. */
  public RangeResult got(int index) {
    return ((ActionResult.Got) results.get(index)).range();
  }
}
