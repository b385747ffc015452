package farslot.manager.profiles;

import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.ChangeDocument;
import farslot.manager.model.Document;
import farslot.manager.model.DocumentException;
import farslot.manager.model.Documents;
import farslot.manager.model.EventDocument;
import farslot.manager.model.Fabric;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.Compare;
import farslot.store.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Follows changes until all is as wished, or until something says for good that it cannot be: then
 * everything that the change touched is put back, and what has moved already moves back.
 */
final class ChangeFollower {
  private static final int MESSAGE_CHARS_MAX = 1000;

  private final Fabric fabric;
  private final Absences absences;
  private final SortedMap<String, Due> due;
  private final long nowMs;
  private final Set<String> ending = new HashSet<>();

  ChangeFollower(Fabric fabric, Absences absences, SortedMap<String, Due> due, long nowMs) {
    this.fabric = fabric;
    this.absences = absences;
    this.due = due;
    this.nowMs = nowMs;
  }

  /** What ends now. */
  List<Transaction> due() throws DocumentException {
    List<Transaction> ends = new ArrayList<>();
    for (Held<ChangeDocument> each : fabric.all(ChangeDocument.class).values()) {
      end(each)
          .ifPresent(
              transaction -> {
                ends.add(transaction);
                ending.addAll(each.document().profiles());
              });
    }
    return ends;
  }

  /** Profiles about which nothing should be done before the next look. */
  Set<String> ending() {
    return ending;
  }

  private Optional<Transaction> end(Held<ChangeDocument> held) throws DocumentException {
    ChangeDocument change = held.document();
    Optional<String> failure = failure(held);
    if (failure.isPresent()) {
      return Optional.of(putBack(held, failure.get()));
    }
    List<String> missing = missing(change);
    List<String> waiting = waiting(change);
    if (missing.isEmpty() && waiting.isEmpty()) {
      return Optional.of(done(held, "all is as wished"));
    }
    if (!absences.lasts("change " + change.id(), change.waitMs())) {
      return Optional.empty();
    }
    if (missing.isEmpty()) {
      return Optional.of(
          done(held, "accepted; to be had when the server comes: " + String.join(", ", waiting)));
    }
    String late = "not done within %d s: ".formatted(change.waitMs() / 1_000);
    return Optional.of(putBack(held, late + String.join(", ", missing)));
  }

  /** Why an assignment of it stays as it is, for good. */
  private Optional<String> failure(Held<ChangeDocument> change) {
    for (Held<AssignmentDocument> each : fabric.all(AssignmentDocument.class).values()) {
      AssignmentDocument is = each.document();
      boolean failed =
          change.document().profiles().contains(is.profile())
              && !is.problem().isEmpty()
              && each.modRevision() > change.modRevision()
              && due.containsKey(is.function());
      if (failed) {
        return Optional.of(is.function() + ": " + is.problem());
      }
    }
    return Optional.empty();
  }

  /** What is not on its way to where it shall be, or not there. */
  private List<String> missing(ChangeDocument change) {
    List<String> missing = new ArrayList<>();
    due.forEach(
        (function, each) -> {
          boolean concerned =
              switch (each) {
                case Due.Attach attach -> isOf(change, attach.wanted()) && !isSanitised(function);
                case Due.Detach detach -> isOf(change, detach.now().document());
                case Due.Move move -> isOf(change, move.wanted());
                case Due.Renew renew -> isOf(change, renew.wanted());
                case Due.Change adjusted -> isOf(change, adjusted.wanted());
                case Due.Stay stay -> isOf(change, stay.now().document());
                case Due.UnderWay underWay -> isOf(change, underWay.now().document());
                case Due.Taken taken -> false;
              };
          if (concerned) {
            missing.add(function);
          }
        });
    return missing;
  }

  /** Whether it only waits for being sanitised, which takes as long as it takes. */
  private boolean isSanitised(String function) {
    return !fabric.isFree(function) && fabric.assignment(function).isEmpty();
  }

  private static boolean isOf(ChangeDocument change, AssignmentDocument assignment) {
    return change.profiles().contains(assignment.profile());
  }

  /** What is given to the right server, which does not say that it has it. */
  private List<String> waiting(ChangeDocument change) {
    List<String> waiting = new ArrayList<>();
    for (Held<AssignmentDocument> each : fabric.all(AssignmentDocument.class).values()) {
      AssignmentDocument is = each.document();
      if (isOf(change, is) && is.phase() != AssignmentDocument.Phase.ATTACHED) {
        waiting.add(is.function());
      }
    }
    due.forEach(
        (function, each) -> {
          if (each instanceof Due.Attach attach && isOf(change, attach.wanted())) {
            waiting.add(function);
          }
        });
    return waiting;
  }

  private Transaction done(Held<ChangeDocument> held, String how) throws DocumentException {
    ChangeDocument change = held.document();
    return Transaction.when(Compare.unchanged(change.key(), held.modRevision()))
        .then(Action.delete(change.key()), event("applied", change, how));
  }

  /** Puts everything back that the change touched, unless somebody has touched it since. */
  Transaction putBack(Held<ChangeDocument> held, String why) throws DocumentException {
    ChangeDocument change = held.document();
    List<Compare> compares = new ArrayList<>();
    List<Action> actions = new ArrayList<>();
    compares.add(Compare.unchanged(change.key(), held.modRevision()));
    actions.add(Action.delete(change.key()));
    for (Map.Entry<String, String> each : change.before().entrySet()) {
      String key = each.getKey();
      long revision = fabric.any(key).map(Held<Document>::modRevision).orElse(0L);
      if (revision != 0 && revision != held.modRevision()) {
        String since = "; %s has been changed since, so all stays as it is".formatted(key);
        return Transaction.when(compares.getFirst())
            .then(actions.getFirst(), event("superseded", change, why + since));
      }
      compares.add(Compare.unchanged(key, revision));
      actions.add(
          each.getValue().isEmpty()
              ? Action.delete(key)
              : Action.put(key, Bytes.utf8(each.getValue())));
    }
    actions.add(event("rolled-back", change, "put back as it was: " + why));
    return new Transaction(compares, actions, List.of());
  }

  private Action event(String what, ChangeDocument change, String how) throws DocumentException {
    String names = String.join(", ", change.profiles());
    String text = "change of %s: %s".formatted(names.isEmpty() ? "documents" : names, how);
    String message =
        text.length() > MESSAGE_CHARS_MAX ? text.substring(0, MESSAGE_CHARS_MAX) + "..." : text;
    String subject =
        change.profiles().size() == 1
            ? Paths.profile(change.profiles().getFirst()).substring(1)
            : "changes/" + change.id();
    EventDocument event =
        new EventDocument(
            nowMs, what, subject, change.by(), message, Map.of("change", change.id()));
    return Action.put(event.key(), Documents.write(event));
  }
}
