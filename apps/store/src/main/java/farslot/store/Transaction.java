package farslot.store;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * If all compares hold, the first branch; else the second. One branch is done as a whole.
 *
 * <p>A branch changes a key once: what it puts, it neither puts again nor deletes.
 */
public record Transaction(List<Compare> compares, List<Action> then, List<Action> otherwise) {
  public Transaction {
    compares = List.copyOf(compares);
    then = List.copyOf(then);
    otherwise = List.copyOf(otherwise);
    most("compares", compares.size());
    check(then);
    check(otherwise);
  }

  /** Without conditions. */
  public static Transaction of(Action... actions) {
    return new Transaction(List.of(), List.of(actions), List.of());
  }

  /** What has to be so; go on with {@link #then(Action...)}. */
  public static Transaction when(Compare... compares) {
    return new Transaction(List.of(compares), List.of(), List.of());
  }

  public Transaction then(Action... actions) {
    return new Transaction(compares, List.of(actions), otherwise);
  }

  public Transaction otherwise(Action... actions) {
    return new Transaction(compares, then, List.of(actions));
  }

  private static void most(String what, int count) {
    if (count > StoreLimits.TRANSACTION_ITEMS_MAX) {
      throw new IllegalArgumentException(
          "a transaction of %d %s; at most %d are taken: make several"
              .formatted(count, what, StoreLimits.TRANSACTION_ITEMS_MAX));
    }
  }

  private static void check(List<Action> branch) {
    most("actions", branch.size());
    Set<String> puts = new HashSet<>();
    long bytes = 0;
    for (Action action : branch) {
      if (action instanceof Action.Put put) {
        if (!puts.add(put.key())) {
          throw twice(put.key());
        }
        bytes += put.key().length() + put.value().length();
      }
    }
    for (Action action : branch) {
      if (action instanceof Action.Delete delete) {
        puts.stream()
            .filter(delete.range()::contains)
            .findFirst()
            .ifPresent(
                key -> {
                  throw twice(key);
                });
      }
    }
    if (bytes > StoreLimits.TRANSACTION_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a transaction that puts %d bytes; at most %d are taken: make several"
              .formatted(bytes, StoreLimits.TRANSACTION_BYTES_MAX));
    }
  }

  private static IllegalArgumentException twice(String key) {
    return new IllegalArgumentException("a transaction changes '" + key + "' twice");
  }
}
