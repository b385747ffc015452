package farslot.manager.profiles;

import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.BindingDocument;
import farslot.manager.model.Document;
import farslot.manager.model.Fabric;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.ProfileDocument.Sanitise;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** A plan's steps in words, in the order in which they begin. */
final class PlanSteps {
  private final Fabric fabric;
  private final SortedMap<String, BindingDocument> before;
  private final Binder binder;
  private final List<PlanStep> steps = new ArrayList<>();
  private boolean takeTime;

  PlanSteps(Fabric fabric, SortedMap<String, BindingDocument> before, Binder binder) {
    this.fabric = fabric;
    this.before = before;
    this.binder = binder;
  }

  /** What becomes of what people write. */
  void documents(Map<String, Optional<Document>> changes) {
    changes.forEach(
        (key, document) -> {
          if (!Paths.BINDINGS.contains(key)) {
            Optional<Document> old = fabric.any(key).map(Held::document);
            String title = WishCheck.title(document.or(() -> old).orElseThrow());
            String verb = document.isEmpty() ? "delete" : old.isEmpty() ? "create" : "change";
            steps.add(new PlanStep(verb, title, verb + "d", ""));
          }
        });
  }

  /** What goes out of slots, and into them. */
  void bindings() {
    SortedMap<String, BindingDocument> now = binder.bindings();
    before.forEach(
        (function, was) -> {
          if (!now.containsKey(function)) {
            steps.add(
                new PlanStep("unbind", function, "out of " + slot(was), binder.reason(function)));
          }
        });
    now.forEach(
        (function, is) -> {
          if (!is.equals(before.get(function))) {
            steps.add(new PlanStep("bind", function, "into " + slot(is), binder.reason(function)));
          }
        });
  }

  private static String slot(BindingDocument binding) {
    return "slot %s of profile/%s".formatted(binding.slot(), binding.profile());
  }

  /** What that means for servers; only for these profiles. */
  void assignments(SortedMap<String, Due> due, Set<String> profiles) {
    List<PlanStep> leaving = new ArrayList<>();
    List<PlanStep> coming = new ArrayList<>();
    due.forEach(
        (function, each) -> {
          switch (each) {
            case Due.Attach attach when profiles.contains(attach.wanted().profile()) ->
                coming.add(
                    new PlanStep(
                        "attach", function, "to " + attach.wanted().holder(), waits(function)));
            case Due.Move move when profiles.contains(move.wanted().profile()) ->
                coming.add(new PlanStep("move", function, fromTo(move.now(), move.wanted()), ""));
            case Due.Renew renew when profiles.contains(renew.wanted().profile()) ->
                coming.add(
                    new PlanStep(
                        "renew",
                        function,
                        fromTo(renew.now(), renew.wanted()),
                        "its identity changes"));
            case Due.Change change when profiles.contains(change.wanted().profile()) ->
                coming.add(
                    new PlanStep(
                        "adjust", function, "at " + change.wanted().holder(), "while in use"));
            case Due.Detach detach when profiles.contains(detach.now().document().profile()) ->
                leaving.add(detach(function, detach));
            case Due.UnderWay underWay
                when profiles.contains(underWay.now().document().profile()) ->
                takeTime = true;
            default -> {}
          }
        });
    takeTime |= !leaving.isEmpty() || !coming.isEmpty();
    steps.addAll(leaving);
    steps.addAll(coming);
  }

  private String waits(String function) {
    return fabric.isFree(function) ? "" : "when it is sanitised";
  }

  private static PlanStep detach(String function, Due.Detach detach) {
    String then =
        detach.sanitise() == Sanitise.NONE
            ? ""
            : "then sanitised: " + detach.sanitise().name().toLowerCase(Locale.ROOT);
    return new PlanStep("detach", function, "from " + detach.now().document().holder(), then);
  }

  private static String fromTo(Held<AssignmentDocument> now, AssignmentDocument wanted) {
    String from = now.document().holder();
    return from.equals(wanted.holder())
        ? "at " + from
        : "from %s to %s".formatted(from, wanted.holder());
  }

  List<PlanStep> steps() {
    return steps;
  }

  /** Whether anything has to follow that is not done when the documents are changed. */
  boolean takeTime() {
    return takeTime;
  }
}
