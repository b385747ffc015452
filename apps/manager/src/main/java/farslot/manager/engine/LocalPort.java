package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.agent.AgentKind;
import farslot.api.agent.ManagerPort;
import farslot.api.agent.Orders;
import farslot.api.agent.Report;
import farslot.store.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** The way to a manager in this process. */
final class LocalPort implements ManagerPort {
  private static final Logger LOG = System.getLogger("farslot.manager");

  private final Manager manager;

  LocalPort(Manager manager) {
    this.manager = manager;
  }

  @Override
  public Orders report(Report report, long obeyedRevision) throws ApiException {
    requireOpen();
    Engine engine = manager.engine();
    try {
      return engine.report(report, obeyedRevision, manager.options().now());
    } catch (StoreException e) {
      // It is known in memory; its orders are as good as ever.
      LOG.log(Level.DEBUG, "a report cannot be recorded", e);
      return engine.orders(report.kind(), report.name());
    }
  }

  @Override
  public Orders await(AgentKind kind, String name, long seenRevision, Duration atMost)
      throws ApiException, InterruptedException {
    requireOpen();
    Engine engine = manager.engine();
    if (!engine.knows(kind, name)) {
      throw new ApiException(
          ApiError.GONE,
          "%s '%s' has no orders yet".formatted(kind.word(), name),
          "it has not reported since this manager runs",
          "");
    }
    engine.seen(kind, name, seenRevision);
    Orders orders = engine.await(kind, name, seenRevision, atMost);
    requireOpen();
    return orders;
  }

  private void requireOpen() throws ApiException {
    if (manager.isClosed()) {
      throw new ApiException(ApiError.UNAVAILABLE, "the manager is going down", "", "");
    }
  }

  @Override
  public void close() {}
}
