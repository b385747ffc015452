package farslot.manager.engine;

import farslot.api.agent.AgentKind;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.InitiatorReport;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.Fabric;
import farslot.manager.model.Held;
import java.util.Optional;

/**
 * How everything is: what shall be, by the documents, and what is, by the reports. To be used where
 * it is given, and not kept: {@link Engine#look}.
 */
public final class View {
  private final LiveAgents live;
  private final Owners owners;
  private final Reconciler reconciler;
  private Fabric fabric;

  View(Fabric fabric, LiveAgents live, Owners owners) {
    this.fabric = fabric;
    this.live = live;
    this.owners = owners;
    this.reconciler = new Reconciler(this);
  }

  void fabric(Fabric next) {
    fabric = next;
  }

  LiveAgents live() {
    return live;
  }

  Owners owners() {
    return owners;
  }

  Reconciler reconciler() {
    return reconciler;
  }

  /** The documents. */
  public Fabric fabric() {
    return fabric;
  }

  /** Whether an agent keeps its lease. One that does not may still do what it was told last. */
  public boolean isThere(AgentKind kind, String name) {
    return fabric.presence(kind.word(), name).isPresent();
  }

  /** What an appliance told last, since this manager runs. */
  public Optional<ApplianceReport> appliance(String name) {
    return live.get(AgentKind.APPLIANCE, name).map(agent -> (ApplianceReport) agent.report());
  }

  /** What an initiator told last, since this manager runs. */
  public Optional<InitiatorReport> initiator(String name) {
    return live.get(AgentKind.INITIATOR, name).map(agent -> (InitiatorReport) agent.report());
  }

  /**
   * A function as its appliance told last, since this manager runs.
   *
   * @param path {@code APPLIANCE/FUNCTION}
   */
  public Optional<FunctionReport> function(String path) {
    return live.function(path);
  }

  /** How its server has it, if it has said anything about this very assignment. */
  public Optional<HoldingReport> holding(AssignmentDocument assignment) {
    return live.holding(assignment.server(), assignment.function())
        .filter(each -> each.epoch() == assignment.epoch());
  }

  /** What an assignment waits for, in words; "" for nothing. */
  public String waiting(Held<AssignmentDocument> assignment) {
    return reconciler.waiting(assignment);
  }
}
