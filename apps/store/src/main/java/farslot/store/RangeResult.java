package farslot.store;

import java.util.List;

/**
 * What was read.
 *
 * @param revision how it was after this one: watch from the next, and nothing is missed
 * @param items in the order of their keys
 * @param more whether the limit left some out
 */
public record RangeResult(long revision, List<KeyValue> items, boolean more) {
  public RangeResult {
    items = List.copyOf(items);
  }
}
