package farslot.manager.profiles;

import farslot.manager.model.Fabric;
import farslot.store.Transaction;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the fabric as the profiles want it: gives their functions to their servers and takes them
 * away again, moves a profile whose server has died, puts spares in place of what is lost, and puts
 * a change back that cannot be done.
 *
 * <p>Whoever has a store asks {@link #look} whenever the fabric or a fact has changed, and at the
 * time that the last answer gave, and commits what it says. Each transaction does nothing if
 * anybody was faster; the next look sees what came of it. It remembers only for how long things
 * have been as they are. For one thread at a time.
 */
public final class ProfileKeeper {
  /**
   * What should be done.
   *
   * @param transactions each for itself, in any order
   * @param againNs when to look again even if nothing has changed; {@link Long#MAX_VALUE} for never
   */
  public record Look(List<Transaction> transactions, long againNs) {
    public Look {
      transactions = List.copyOf(transactions);
    }
  }

  /**
   * What should be done now.
   *
   * @param nowNs monotonic, of any beginning
   * @param nowMs of day, in milliseconds since 1970, for events
   */
  public Look look(Fabric fabric, Facts facts, long nowNs, long nowMs) {
    return new Look(new ArrayList<>(), Long.MAX_VALUE);
  }
}
