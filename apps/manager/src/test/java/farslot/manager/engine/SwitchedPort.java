package farslot.manager.engine;

import farslot.api.ApiException;
import farslot.api.agent.AgentKind;
import farslot.api.agent.ManagerPort;
import farslot.api.agent.Orders;
import farslot.api.agent.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/** Leads to whatever manager there is just now, as an address does. */
record SwitchedPort(Supplier<ManagerPort> now) implements ManagerPort {
  @Override
  public Orders report(Report report, long obeyedRevision)
      throws ApiException, IOException, InterruptedException {
    return now.get().report(report, obeyedRevision);
  }

  @Override
  public Orders await(AgentKind kind, String name, long seenRevision, Duration atMost)
      throws ApiException, IOException, InterruptedException {
    return now.get().await(kind, name, seenRevision, atMost);
  }

  @Override
  public void close() {}
}
