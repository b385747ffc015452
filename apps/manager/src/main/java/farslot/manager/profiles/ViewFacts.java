package farslot.manager.profiles;

import farslot.api.Caller;
import farslot.api.Role;
import farslot.api.agent.AgentKind;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.HoldingReport;
import farslot.manager.engine.Sight;
import farslot.manager.engine.View;
import farslot.manager.model.Held;
import java.util.Optional;

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
        .map(HoldingReport::state)
        .equals(Optional.of(HoldingReport.State.ATTACHED));
  }

  @Override
  public long epoch(String function) {
    return view.function(function).map(each -> Math.max(each.floor(), each.epoch())).orElse(0L);
  }
}
