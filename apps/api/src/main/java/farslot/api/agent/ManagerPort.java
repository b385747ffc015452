package farslot.api.agent;

import farslot.api.ApiException;
import java.io.IOException;
import java.time.Duration;

/** How an agent speaks with its manager. May wait; by several threads at a time. */
public interface ManagerPort extends AutoCloseable {
  /**
   * Tells how things are; keeps the agent's lease alive.
   *
   * @param obeyedRevision of the orders that the agent had been handed when it made this report; 0
   *     if it does not say
   * @return its orders as they are now
   * @throws ApiException when the manager refuses it: it is not known, or its name is taken
   * @throws IOException when the manager cannot be reached
   */
  Orders report(Report report, long obeyedRevision)
      throws ApiException, IOException, InterruptedException;

  /** The same of who does not say what it has been handed. */
  default Orders report(Report report) throws ApiException, IOException, InterruptedException {
    return report(report, 0);
  }

  /**
   * Waits for orders that are newer than those seen.
   *
   * @return the orders as they are then; those seen, when time is over
   */
  Orders await(AgentKind kind, String name, long seenRevision, Duration atMost)
      throws ApiException, IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
