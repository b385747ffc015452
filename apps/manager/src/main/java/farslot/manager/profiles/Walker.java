package farslot.manager.profiles;

import farslot.manager.model.AssignmentChanges;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.BindingDocument;
import farslot.manager.model.DocumentException;
import farslot.manager.model.Fabric;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Leaving;
import farslot.manager.model.Paths;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.ProfileDocument.Sanitise;
import farslot.manager.model.ServerDocument;
import farslot.store.Compare;
import farslot.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The next step of one function towards what its profile wants, as a transaction. */
final class Walker {
  private final Fabric fabric;
  private final Facts facts;
  private final AssignmentChanges changes;

  Walker(Fabric fabric, Facts facts, long nowMs) {
    this.fabric = fabric;
    this.facts = facts;
    this.changes = new AssignmentChanges(nowMs, "");
  }

  /**
   * The step.
   *
   * @param forced whether servers are not asked
   * @param timeoutMs how long guests have to let go
   */
  Optional<Transaction> step(Due due, boolean forced, long timeoutMs) {
    try {
      return switch (due) {
        case Due.Attach attach -> attach(attach.wanted());
        case Due.Detach detach -> {
          boolean hard = forced || isLost(detach.now().document().function());
          yield leave(detach.now(), "", "", hard, detach.sanitise(), timeoutMs);
        }
        case Due.Move move ->
            leave(
                move.now(),
                move.wanted().server(),
                move.wanted().guest(),
                forced,
                Sanitise.NONE,
                timeoutMs);
        case Due.Renew renew -> leave(renew.now(), "", "", forced, Sanitise.NONE, timeoutMs);
        case Due.Change change ->
            Optional.of(bound(changes.changed(change.now(), change.wanted()), change.wanted()));
        case Due.Stay stay ->
            Optional.of(
                unchangedBinding(
                    changes.stay(stay.now(), false, "its profile wants it here"),
                    stay.now().document().function()));
        case Due.UnderWay underWay -> Optional.empty();
        case Due.Taken taken -> Optional.empty();
      };
    } catch (DocumentException e) {
      // A document that breaks its own rules is among the fabric's problems; the others go on.
      return Optional.empty();
    }
  }

  /** A driver that says goodbye to a card that does not answer waits for each of its registers. */
  private boolean isLost(String function) {
    return fabric.binding(function).isEmpty() && facts.silent(function);
  }

  private Optional<Transaction> attach(AssignmentDocument wanted) throws DocumentException {
    String function = wanted.function();
    boolean possible =
        fabric.isFree(function)
            && fabric.get(Paths.function(function), FunctionDocument.class).isPresent()
            && fabric.get(Paths.server(wanted.server()), ServerDocument.class).isPresent();
    if (!possible) {
      return Optional.empty();
    }
    long seen = facts.epoch(function);
    return Optional.of(bound(changes.assign(wanted, fabric.epoch(function), seen), wanted));
  }

  private Optional<Transaction> leave(
      Held<AssignmentDocument> now,
      String server,
      String guest,
      boolean forced,
      Sanitise sanitise,
      long timeoutMs)
      throws DocumentException {
    AssignmentDocument is = now.document();
    boolean dead = !facts.serverThere(is.server());
    Leaving how = new Leaving(forced || dead, timeoutMs, server, guest, sanitise);
    if (is.stays()) {
      return Optional.of(unchangedBinding(changes.drain(now, how), is.function()));
    }
    boolean harder = is.leaving().forced() || how.forced();
    return Optional.of(
        unchangedBinding(
            changes.redirect(now, new Leaving(harder, timeoutMs, server, guest, sanitise)),
            is.function()));
  }

  /** Only as long as the profile and what is in its slot are as they were looked at. */
  private Transaction bound(Transaction step, AssignmentDocument wanted) {
    String profile = Paths.profile(wanted.profile());
    long revision = fabric.get(profile, ProfileDocument.class).map(Held::modRevision).orElse(0L);
    return unchangedBinding(with(step, Compare.unchanged(profile, revision)), wanted.function());
  }

  private Transaction unchangedBinding(Transaction step, String function) {
    long revision = fabric.binding(function).map(Held<BindingDocument>::modRevision).orElse(0L);
    return with(step, Compare.unchanged(Paths.binding(function), revision));
  }

  private static Transaction with(Transaction step, Compare compare) {
    List<Compare> compares = new ArrayList<>(step.compares());
    compares.add(compare);
    return new Transaction(compares, step.then(), step.otherwise());
  }
}
