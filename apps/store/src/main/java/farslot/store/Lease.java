package farslot.store;

import java.time.Duration;

/**
 * A lease that lives.
 *
 * @param id above 0; never given out again
 * @param ttl how long it lives when nobody keeps it alive
 * @param remaining how long it lives from now on
 * @param keys how many keys are under it
 */
public record Lease(long id, Duration ttl, Duration remaining, int keys) {}
