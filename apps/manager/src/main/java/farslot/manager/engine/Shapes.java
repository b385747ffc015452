package farslot.manager.engine;

import farslot.api.Json;
import farslot.api.agent.AgentKind;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.GuestReport;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.InitiatorReport;
import farslot.manager.model.ApplianceDocument;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.EventDocument;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.SanitiseDocument;
import farslot.manager.model.ServerDocument;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** How things look in the API: a document, and beside it what is known of it just now. */
public final class Shapes {
  private Shapes() {}

  static ObjectNode appliance(View view, Held<ApplianceDocument> held) {
    ApplianceDocument document = held.document();
    String name = document.name();
    ObjectNode shape = Json.object().put("name", name);
    shape.put("state", there(view, AgentKind.APPLIANCE, name));
    shape.set("addresses", Json.tree(document.addresses()));
    shape.put("software", document.software());
    shape.put("control", view.appliance(name).map(ApplianceReport::control).orElse(""));
    shape.set("labels", Json.tree(document.labels()));
    var functions = view.fabric().of(Paths.function(name + "/"), FunctionDocument.class);
    shape.put("functions", functions.size());
    shape.put(
        "assigned",
        view.fabric().of(Paths.assignment(name + "/"), AssignmentDocument.class).size());
    return shape.put("revision", held.modRevision());
  }

  private static String there(View view, AgentKind kind, String name) {
    return view.isThere(kind, name) ? "here" : "away";
  }

  static ObjectNode server(View view, Held<ServerDocument> held) {
    ServerDocument document = held.document();
    String name = document.name();
    ObjectNode shape = Json.object().put("name", name);
    shape.put("state", there(view, AgentKind.INITIATOR, name));
    shape.set("guests", Json.tree(document.guests()));
    shape.put("control", view.initiator(name).map(InitiatorReport::control).orElse(""));
    shape.set(
        "rails", Json.tree(view.initiator(name).map(InitiatorReport::rails).orElse(List.of())));
    shape.put("software", view.initiator(name).map(InitiatorReport::software).orElse(""));
    shape.set("labels", Json.tree(document.labels()));
    shape.put(
        "assigned",
        view.fabric().all(AssignmentDocument.class).values().stream()
            .filter(each -> each.document().server().equals(name))
            .count());
    return shape.put("revision", held.modRevision());
  }

  static ObjectNode guest(View view, Held<ServerDocument> held, String name) {
    String server = held.document().name();
    ObjectNode shape = Json.object().put("guest", server + "/" + name);
    shape.put("server", server).put("name", name);
    Optional<GuestReport> report =
        view.initiator(server).stream()
            .flatMap(each -> each.guests().stream())
            .filter(each -> each.name().equals(name))
            .findFirst();
    boolean running =
        view.isThere(AgentKind.INITIATOR, server)
            && report.filter(GuestReport::running).isPresent();
    shape.put("running", running);
    shape.put("free-slots", report.map(GuestReport::freeSlots).orElse(0));
    return shape.put("detail", report.map(GuestReport::detail).orElse(""));
  }

  /**
   * A function: what it is, whether it is there, and who has it.
   *
   * @param hidden whether who has it is none of the caller's business
   */
  static ObjectNode function(View view, Held<FunctionDocument> held, boolean hidden) {
    FunctionDocument document = held.document();
    String path = document.path();
    Optional<FunctionReport> report = view.function(path);
    Optional<Held<AssignmentDocument>> assignment = view.fabric().assignment(path);
    ObjectNode shape = Json.object().put("function", path);
    shape.put("appliance", document.appliance()).put("name", document.name());
    shape.put("state", state(view, path));
    shape.put("card", document.card()).put("device-id", document.deviceId());
    report.ifPresent(each -> shape.put("class-code", "%06x".formatted(each.classCode())));
    shape.put("capacity-bytes", document.capacityBytes());
    shape.set("identity", Json.tree(document.identity()));
    shape.put("tenant", document.tenant());
    boolean here = view.isThere(AgentKind.APPLIANCE, document.appliance());
    shape.put("present", here && report.filter(FunctionReport::present).isPresent());
    shape.put("cause", cause(document, report, here));
    shape.put("problem", report.map(FunctionReport::problem).orElse(""));
    shape.put("epoch", view.fabric().floor(path));
    assignment
        .filter(_ -> !hidden)
        .ifPresent(each -> shape.set("assignment", assignment(view, each)));
    return shape.put("revision", revision(view, held));
  }

  private static String cause(
      FunctionDocument document, Optional<FunctionReport> report, boolean here) {
    if (!here) {
      return "appliance " + document.appliance() + " is away";
    }
    return report.map(FunctionReport::cause).orElse("its appliance has not said anything yet");
  }

  /** Of whatever changed last of a function. */
  static long revision(View view, Held<FunctionDocument> held) {
    String path = held.document().path();
    long assigned = view.fabric().assignment(path).map(Held::modRevision).orElse(0L);
    return Math.max(held.modRevision(), Math.max(assigned, sanitise(view, path)));
  }

  private static long sanitise(View view, String path) {
    return view.fabric()
        .get(Paths.sanitise(path), SanitiseDocument.class)
        .map(Held::modRevision)
        .orElse(0L);
  }

  /** In one word how a function is: its assignment's phase, or what it is without one. */
  static String state(View view, String path) {
    Optional<Held<AssignmentDocument>> assignment = view.fabric().assignment(path);
    if (assignment.isPresent()) {
      return word(assignment.get().document().phase());
    }
    if (view.fabric().problems().containsKey(Paths.assignment(path))) {
      return "unreadable";
    }
    if (sanitise(view, path) != 0) {
      return "sanitising";
    }
    String appliance = path.substring(0, path.indexOf('/'));
    if (!view.isThere(AgentKind.APPLIANCE, appliance)) {
      return "away";
    }
    return view.function(path).filter(FunctionReport::present).isPresent() ? "free" : "absent";
  }

  /** Who has a function, how far that is, and what it waits for. */
  public static ObjectNode assignment(View view, Held<AssignmentDocument> held) {
    AssignmentDocument document = held.document();
    ObjectNode shape = Json.object().put("function", document.function());
    shape.put("holder", document.holder());
    shape.put("server", document.server()).put("guest", document.guest());
    shape.put("phase", word(document.phase()));
    shape.put("waiting", view.waiting(held)).put("problem", document.problem());
    shape.put("profile", document.profile()).put("slot", document.slot());
    shape.put("tenant", document.tenant()).put("epoch", document.epoch());
    shape.set("terms", Json.tree(document.terms()));
    document.leave().ifPresent(how -> shape.set("leaving", Json.tree(how)));
    Optional<HoldingReport> holding = view.holding(document);
    ObjectNode live = shape.putObject("live");
    live.put("server-here", view.isThere(AgentKind.INITIATOR, document.server()));
    live.put("state", holding.map(each -> word(each.state())).orElse(""));
    live.put("detail", holding.map(HoldingReport::detail).orElse(""));
    live.put("bdf", holding.map(HoldingReport::bdf).orElse(""));
    live.put("driver-bound", holding.filter(HoldingReport::driverBound).isPresent());
    return shape.put("revision", held.modRevision());
  }

  static ObjectNode event(Held<EventDocument> held) {
    EventDocument document = held.document();
    ObjectNode shape = Json.object().put("at-ms", document.atMs());
    shape.put("what", document.what()).put("subject", document.subject());
    shape.put("by", document.by()).put("message", document.message());
    shape.set("details", Json.tree(document.details()));
    return shape.put("revision", held.modRevision());
  }

  /** As JSON has it. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
