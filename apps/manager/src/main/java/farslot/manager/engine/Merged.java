package farslot.manager.engine;

import farslot.store.Action;
import farslot.store.Compare;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.StoreLimits;
import farslot.store.Transaction;
import java.util.ArrayList;
import java.util.List;

/**
 * Many transactions that have nothing to do with each other, as few: the disk is waited for once a
 * group. If one of a group cannot be done, its others are done one by one.
 */
final class Merged {
  /** Room for whatever surrounds the values. */
  private static final int BYTES_MAX = StoreLimits.TRANSACTION_BYTES_MAX / 2;

  private Merged() {}

  /**
   * Commits them.
   *
   * @return how many were done
   */
  static int commit(StateStore store, List<Transaction> all) throws StoreException {
    int done = 0;
    for (List<Transaction> group : groups(all)) {
      done += commitGroup(store, group);
    }
    return done;
  }

  private static int commitGroup(StateStore store, List<Transaction> group) throws StoreException {
    if (group.size() > 1) {
      List<Compare> compares = new ArrayList<>();
      List<Action> actions = new ArrayList<>();
      for (Transaction each : group) {
        compares.addAll(each.compares());
        actions.addAll(each.then());
      }
      try {
        if (store.commit(new Transaction(compares, actions, List.of())).succeeded()) {
          return group.size();
        }
      } catch (IllegalArgumentException e) {
        // Two of them change one key: the second one is judged when the first is done.
      }
    }
    int done = 0;
    for (Transaction each : group) {
      done += store.commit(each).succeeded() ? 1 : 0;
    }
    return done;
  }

  private static List<List<Transaction>> groups(List<Transaction> all) {
    List<List<Transaction>> groups = new ArrayList<>();
    int compares = 0;
    int actions = 0;
    long bytes = 0;
    for (Transaction each : all) {
      compares += each.compares().size();
      actions += each.then().size();
      bytes += bytes(each);
      boolean full =
          compares > StoreLimits.TRANSACTION_ITEMS_MAX
              || actions > StoreLimits.TRANSACTION_ITEMS_MAX
              || bytes > BYTES_MAX;
      if (groups.isEmpty() || full || !each.otherwise().isEmpty()) {
        groups.add(new ArrayList<>());
        compares = each.compares().size();
        actions = each.then().size();
        bytes = bytes(each);
      }
      groups.getLast().add(each);
      if (!each.otherwise().isEmpty()) {
        actions = StoreLimits.TRANSACTION_ITEMS_MAX; // Stays alone.
      }
    }
    return groups;
  }

  private static long bytes(Transaction transaction) {
    long bytes = 0;
    for (Action each : transaction.then()) {
      if (each instanceof Action.Put put) {
        bytes += put.key().length() + put.value().length();
      }
    }
    return bytes;
  }
}
