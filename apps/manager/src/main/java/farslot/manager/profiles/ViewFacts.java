package farslot.manager.profiles;

import farslot.api.Caller;
import farslot.api.Role;
import farslot.api.agent.AgentKind;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.InitiatorReport;
import farslot.api.agent.RailReport;
import farslot.manager.engine.Sight;
import farslot.manager.engine.View;
import farslot.manager.model.Held;
import java.util.List;

/** What a manager's engine knows of its agents. */
record ViewFacts(View view) implements Facts {
  @Override
  public boolean applianceThere(String appliance) {
    return view.isThere(AgentKind.APPLIANCE, appliance);
  }

  @Override
  public boolean serverThere(String server) {
    return view.isThere(AgentKind.INITIATOR, server);
  }

  @Override
  public boolean serverFor(String tenant, String server) {
    Caller anybody = new Caller(Caller.Kind.USER, "", Role.NONE, tenant, "");
    return Sight.server(view, anybody, server);
  }

  @Override
  public boolean present(String function) {
    return view.function(function).filter(FunctionReport::present).isPresent();
  }

  @Override
  public boolean gone(String function) {
    String appliance = Choice.appliance(function);
    return applianceThere(appliance) && view.appliance(appliance).isPresent() && !present(function);
  }

  @Override
  public boolean works(String function) {
    return view.fabric()
        .assignment(function)
        .map(Held::document)
        .filter(each -> serverThere(each.server()))
        .flatMap(view::holding)
        .filter(each -> each.state() == HoldingReport.State.ATTACHED)
        .filter(_ -> reaches(server(function), Choice.appliance(function)))
        .isPresent();
  }

  private String server(String function) {
    return view.fabric().assignment(function).orElseThrow().document().server();
  }

  /** Whether anything goes from a server to an appliance, as the server told last. */
  private boolean reaches(String server, String appliance) {
    return anyUp(view.initiator(server).map(InitiatorReport::rails).orElse(List.of()), appliance);
  }

  /**
   * Whether one of the rails to an appliance is up, or none is told of. A function counts as
   * attached for as long as its link is held, also when nothing goes over it.
   */
  static boolean anyUp(List<RailReport> rails, String appliance) {
    List<RailReport> there =
        rails.stream().filter(each -> each.appliance().equals(appliance)).toList();
    return there.isEmpty() || there.stream().anyMatch(RailReport::up);
  }

  @Override
  public long epoch(String function) {
    return view.function(function).map(each -> Math.max(each.floor(), each.epoch())).orElse(0L);
  }
}
