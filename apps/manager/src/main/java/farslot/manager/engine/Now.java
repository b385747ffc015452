package farslot.manager.engine;

/**
 * The time.
 *
 * @param ns monotonic, for what shall take so long; of any beginning
 * @param ms of day, milliseconds since 1970, for people only: it may jump
 */
public record Now(long ns, long ms) {}
