package farslot.manager.profiles;

import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.ChangeDocument;
import farslot.manager.model.DocumentException;
import farslot.manager.model.Fabric;
import farslot.manager.model.Held;
import farslot.manager.model.Leaving;
import farslot.store.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

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
  /** Between two attempts at what a guest has refused, if no change is waiting for it. */
  private static final long RETRY_MS = 60_000;

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

  private final Absences absences = new Absences();

  /**
   * What should be done now.
   *
   * @param nowNs monotonic, of any beginning
   * @param nowMs of day, in milliseconds since 1970, for events
   */
  public Look look(Fabric fabric, Facts facts, long nowNs, long nowMs) {
    absences.begin(nowNs);
    List<Transaction> all = new ArrayList<>();
    try {
      SortedMap<String, Due> due = Wants.of(fabric).due(fabric);
      ChangeFollower follower = new ChangeFollower(fabric, absences, due, nowMs);
      all.addAll(follower.due());
      all.addAll(new FailOver(fabric, facts, absences, nowMs).due());
      all.addAll(new Spares(fabric, facts, absences, nowMs).due());
      all.addAll(walk(fabric, new Walker(fabric, facts, nowMs), due, follower.ending()));
    } catch (DocumentException e) {
      throw new AssertionError(e); // What was read, and what is made of it, can be written.
    }
    absences.end();
    return new Look(all, absences.againNs());
  }

  private List<Transaction> walk(
      Fabric fabric, Walker walker, Map<String, Due> due, Set<String> ending) {
    Set<String> forced = new HashSet<>();
    for (Held<ChangeDocument> each : fabric.all(ChangeDocument.class).values()) {
      if (each.document().forced()) {
        forced.addAll(each.document().profiles());
      }
    }
    List<Transaction> steps = new ArrayList<>();
    due.forEach(
        (function, each) -> {
          String profile = profile(each);
          if (!ending.contains(profile) && !isRefused(each)) {
            walker.step(each, forced.contains(profile), Leaving.TIMEOUT_MS).ifPresent(steps::add);
          }
        });
    return steps;
  }

  /** Whether its guest has refused it a short time ago. */
  private boolean isRefused(Due due) {
    Held<AssignmentDocument> now =
        switch (due) {
          case Due.Detach detach -> detach.now();
          case Due.Move move -> move.now();
          case Due.Renew renew -> renew.now();
          default -> null;
        };
    if (now == null || now.document().problem().isEmpty() || !now.document().stays()) {
      return false;
    }
    String what = "refusal of " + now.document().function() + " at " + now.modRevision();
    return !absences.lasts(what, RETRY_MS);
  }

  private static String profile(Due due) {
    return switch (due) {
      case Due.Attach attach -> attach.wanted().profile();
      case Due.Detach detach -> detach.now().document().profile();
      case Due.Move move -> move.wanted().profile();
      case Due.Renew renew -> renew.wanted().profile();
      case Due.Change change -> change.wanted().profile();
      case Due.Stay stay -> stay.now().document().profile();
      case Due.UnderWay underWay -> underWay.now().document().profile();
      case Due.Taken taken -> taken.now().document().profile();
    };
  }
}
