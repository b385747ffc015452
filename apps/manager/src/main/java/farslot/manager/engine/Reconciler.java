package farslot.manager.engine;

import farslot.api.agent.AgentKind;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.HoldingReport;
import farslot.manager.model.AssignmentChanges;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.DocumentException;
import farslot.manager.model.Fabric;
import farslot.manager.model.Held;
import farslot.manager.model.Leaving;
import farslot.manager.model.Paths;
import farslot.manager.model.SanitiseDocument;
import farslot.manager.model.ServerDocument;
import farslot.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Walks assignments through their lives: looks at what a document says that shall be and at what
 * reports say that is, and makes the next step of it, or says what it waits for. Nothing is
 * remembered here but when something was begun, so that it can be given up.
 */
final class Reconciler {
  /** When this was first seen as it is. */
  private record Since(long modRevision, long ns) {}

  /** What is to be done about an assignment: a step, or to wait for something. */
  private record Verdict(Optional<Transaction> step, String waiting) {
    static Verdict of(Transaction step) {
      return new Verdict(Optional.of(step), "");
    }

    static Verdict waits(String waiting) {
      return new Verdict(Optional.empty(), waiting);
    }
  }

  /** For who only asks. */
  private static final Now NO_TIME = new Now(0, 0);

  private static final Verdict DONE = Verdict.waits("");

  private final View view;
  private final Map<String, Since> draining = new HashMap<>();
  private long untilDueNs;

  Reconciler(View view) {
    this.view = view;
  }

  /** All steps that can be made now. */
  List<Transaction> due(Now now) {
    Fabric fabric = view.fabric();
    AssignmentChanges changes = new AssignmentChanges(now.ms(), "");
    List<Transaction> due = new ArrayList<>();
    untilDueNs = Long.MAX_VALUE;
    for (Held<AssignmentDocument> each : fabric.all(AssignmentDocument.class).values()) {
      try {
        verdict(each, changes, now).step().ifPresent(due::add);
      } catch (DocumentException e) {
        // Its epoch cannot be read; told among the problems of the fabric.
      }
    }
    for (Held<SanitiseDocument> each : fabric.all(SanitiseDocument.class).values()) {
      try {
        if (isSanitised(each.document())) {
          due.add(changes.sanitised(each));
        }
      } catch (DocumentException e) {
        throw new AssertionError(e); // What was read can be written.
      }
    }
    draining.keySet().removeIf(each -> fabric.assignment(each).isEmpty());
    return due;
  }

  /** How long after {@link #due} something is due even if nobody says anything, nanoseconds. */
  long untilDueNs() {
    return untilDueNs;
  }

  /** What an assignment waits for; "" for nothing. */
  String waiting(Held<AssignmentDocument> held) {
    try {
      return verdict(held, new AssignmentChanges(0, ""), NO_TIME).waiting();
    } catch (DocumentException e) {
      return e.getMessage();
    }
  }

  private Verdict verdict(Held<AssignmentDocument> held, AssignmentChanges changes, Now now)
      throws DocumentException {
    return switch (held.document().phase()) {
      case ASSIGNED -> assigned(held, changes);
      case GRANTED -> granted(held, changes);
      case ATTACHED -> DONE;
      case DRAINING -> draining(held, changes, now);
      case FENCED -> fenced(held, changes);
    };
  }

  /** Only when the appliance knows may the server come: so its first attach is never refused. */
  private Verdict assigned(Held<AssignmentDocument> held, AssignmentChanges changes)
      throws DocumentException {
    AssignmentDocument assignment = held.document();
    Optional<FunctionReport> report = view.function(assignment.function());
    if (report.isEmpty()) {
      return Verdict.waits(applianceSilent(assignment.function()));
    }
    long floor = report.get().floor();
    if (floor == assignment.epoch()) {
      return Verdict.of(changes.granted(held));
    }
    if (floor > assignment.epoch()) { // Told by a manager whose store is no more.
      return Verdict.of(changes.raise(held, view.fabric().epoch(assignment.function()), floor));
    }
    return Verdict.waits(applianceSlow(assignment.function(), report.get()));
  }

  private Verdict granted(Held<AssignmentDocument> held, AssignmentChanges changes)
      throws DocumentException {
    AssignmentDocument assignment = held.document();
    Optional<HoldingReport> holding = view.holding(assignment);
    if (holding.map(HoldingReport::state).equals(Optional.of(HoldingReport.State.ATTACHED))) {
      return Verdict.of(changes.attached(held));
    }
    if (!view.isThere(AgentKind.INITIATOR, assignment.server())) {
      return Verdict.waits("waits for server " + assignment.server() + ", which is away");
    }
    String absence =
        view.function(assignment.function())
            .filter(each -> !each.present())
            .map(each -> "the card is absent: " + each.cause())
            .orElse("");
    String detail = holding.map(HoldingReport::detail).orElse("");
    String why = detail.isEmpty() ? absence : detail;
    return Verdict.waits("waits for server " + assignment.server() + " to attach it" + told(why));
  }

  private Verdict draining(Held<AssignmentDocument> held, AssignmentChanges changes, Now now)
      throws DocumentException {
    AssignmentDocument assignment = held.document();
    String server = assignment.server();
    Leaving how = assignment.leaving();
    if (how.forced() || !view.isThere(AgentKind.INITIATOR, server)) {
      return Verdict.of(fence(held, changes));
    }
    Optional<HoldingReport> holding = view.holding(assignment);
    if (hasObeyed(held)) {
      HoldingReport.State state =
          holding.map(HoldingReport::state).orElse(HoldingReport.State.RELEASED);
      if (state == HoldingReport.State.RELEASED) {
        return Verdict.of(fence(held, changes));
      }
      if (state == HoldingReport.State.STUCK && assignment.guest().isEmpty()) {
        return Verdict.of(stay(held, changes, holding));
      }
    }
    if (now != NO_TIME && isOver(held, now)) {
      return Verdict.of(stay(held, changes, holding));
    }
    String detail = holding.map(HoldingReport::detail).orElse("");
    return Verdict.waits("waits for " + assignment.holder() + " to let go of it" + told(detail));
  }

  /** Whether it has been waited for long enough. */
  private boolean isOver(Held<AssignmentDocument> held, Now now) {
    Since since =
        draining.compute(
            held.document().function(),
            (_, before) ->
                before != null && before.modRevision() == held.modRevision()
                    ? before
                    : new Since(held.modRevision(), now.ns()));
    long dueNs = since.ns() + TimeUnit.MILLISECONDS.toNanos(held.document().leaving().timeoutMs());
    if (now.ns() - dueNs >= 0) {
      return true;
    }
    untilDueNs = Math.min(untilDueNs, dueNs - now.ns());
    return false;
  }

  private Transaction fence(Held<AssignmentDocument> held, AssignmentChanges changes)
      throws DocumentException {
    return changes.fence(held, view.fabric().epoch(held.document().function()));
  }

  private static Transaction stay(
      Held<AssignmentDocument> held, AssignmentChanges changes, Optional<HoldingReport> holding)
      throws DocumentException {
    AssignmentDocument assignment = held.document();
    String detail = holding.map(HoldingReport::detail).orElse("");
    boolean attached =
        holding
            .filter(each -> each.state() != HoldingReport.State.ATTACHING)
            .filter(each -> each.state() != HoldingReport.State.RELEASED)
            .isPresent();
    String why =
        assignment.guest().isEmpty()
            ? assignment.holder() + " cannot be asked to let go of it"
            : "%s did not let go of it within %s"
                .formatted(assignment.holder(), Durations.words(assignment.leaving().timeoutMs()));
    return changes.stay(held, attached, why + told(detail));
  }

  /** Whether its server has said anything since it knows that it shall let go. */
  private boolean hasObeyed(Held<AssignmentDocument> held) {
    return view.live()
        .get(AgentKind.INITIATOR, held.document().server())
        .filter(agent -> agent.hasObeyed(held.modRevision()))
        .isPresent();
  }

  private Verdict fenced(Held<AssignmentDocument> held, AssignmentChanges changes)
      throws DocumentException {
    AssignmentDocument assignment = held.document();
    String function = assignment.function();
    Optional<FunctionReport> report = view.function(function);
    // An appliance that is away shuts out the former server as soon as it is back, and before it
    // lets in the next: it says so then, and not before that does the next one come.
    boolean confirmed =
        !view.isThere(AgentKind.APPLIANCE, appliance(function))
            || (report.isPresent() && report.get().floor() >= assignment.epoch())
            || isHousedNoMore(function);
    if (!confirmed) {
      return Verdict.waits(
          report
              .map(each -> applianceSlow(function, each))
              .orElseGet(() -> applianceSilent(function)));
    }
    if (!assignment.leaving().moves()) {
      return Verdict.of(changes.release(held));
    }
    Optional<SanitiseDocument> sanitise =
        view.fabric().get(Paths.sanitise(function), SanitiseDocument.class).map(Held::document);
    if (sanitise.isPresent()) {
      return Verdict.waits(sanitising(sanitise.get()));
    }
    String server = assignment.leaving().server();
    if (view.fabric().get(Paths.server(server), ServerDocument.class).isEmpty()) {
      return Verdict.waits("shall go to server " + server + ", which nobody knows any more");
    }
    return Verdict.of(changes.move(held, view.fabric().epoch(function)));
  }

  /** Whether its appliance is there and says that it has no such function. */
  private boolean isHousedNoMore(String function) {
    return view.appliance(appliance(function)).isPresent() && view.function(function).isEmpty();
  }

  private boolean isSanitised(SanitiseDocument task) {
    return view.function(task.function())
        .filter(each -> each.sanitised().equals(task.job()))
        .isPresent();
  }

  /** What a function that has to be sanitised waits for. */
  String sanitising(SanitiseDocument task) {
    Optional<FunctionReport> report = view.function(task.function());
    if (report.isEmpty()) {
      return "has to be sanitised; " + applianceSilent(task.function());
    }
    return "is being sanitised (" + task.job() + ")" + told(report.get().problem());
  }

  private String applianceSilent(String function) {
    String appliance = appliance(function);
    if (view.appliance(appliance).isPresent()) {
      return "appliance " + appliance + " says that it has no such function";
    }
    return view.isThere(AgentKind.APPLIANCE, appliance)
        ? "waits for appliance " + appliance + ", which has not said anything yet"
        : "waits for appliance " + appliance + ", which is away";
  }

  private String applianceSlow(String function, FunctionReport report) {
    String appliance = appliance(function);
    String away = view.isThere(AgentKind.APPLIANCE, appliance) ? "" : ", which is away";
    return "waits for appliance " + appliance + " to confirm" + away + told(report.problem());
  }

  private static String appliance(String function) {
    return function.substring(0, function.indexOf('/'));
  }

  private static String told(String detail) {
    return detail.isEmpty() ? "" : ": " + detail;
  }
}
