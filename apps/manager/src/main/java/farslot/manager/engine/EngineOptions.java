package farslot.manager.engine;

import java.time.Duration;

/**
 * Bounds of an engine.
 *
 * @param leaseTtl after this long without a report an agent is away
 * @param eventsMax how many events are kept
 */
public record EngineOptions(Duration leaseTtl, int eventsMax) {
  /** An agent reports every third of this. */
  public static final Duration LEASE_TTL = Duration.ofSeconds(10);

  public static final EngineOptions DEFAULT = new EngineOptions(LEASE_TTL, 4096);
}
