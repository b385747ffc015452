package farslot.api.agent;

import java.time.Duration;

/**
 * How patiently an agent speaks with its manager.
 *
 * @param reportEvery when nothing changes; a third of the lease or less
 * @param reportApart changes that come closer together are told together
 * @param awaitAtMost how long one request for orders waits
 * @param pauseMin after the first failure; doubles each time, and varies by half
 * @param pauseMax longest such pause
 */
public record AgentTimes(
    Duration reportEvery,
    Duration reportApart,
    Duration awaitAtMost,
    Duration pauseMin,
    Duration pauseMax) {
  public static final AgentTimes USUAL =
      new AgentTimes(
          Duration.ofSeconds(3),
          Duration.ofMillis(10),
          Duration.ofSeconds(25),
          Duration.ofMillis(100),
          Duration.ofSeconds(2));
}
