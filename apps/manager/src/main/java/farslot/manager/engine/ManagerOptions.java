package farslot.manager.engine;

import java.util.function.LongSupplier;

/**
 * How a manager runs.
 *
 * @param clockNs monotonic
 * @param clockMs of day, milliseconds since 1970
 * @param software what this process runs, for people
 */
public record ManagerOptions(
    EngineOptions engine, LongSupplier clockNs, LongSupplier clockMs, String software) {
  public static final ManagerOptions DEFAULT =
      new ManagerOptions(
          EngineOptions.DEFAULT, System::nanoTime, System::currentTimeMillis, "farslot");

  /** The time. */
  public Now now() {
    return new Now(clockNs.getAsLong(), clockMs.getAsLong());
  }
}
