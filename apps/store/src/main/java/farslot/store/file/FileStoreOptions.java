package farslot.store.file;

import farslot.store.Capacity;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How a store is kept.
 *
 * @param logBytes from this size of the log on, a snapshot takes its place
 * @param clockNs a monotonic clock, for leases
 * @param ids tell a new store from all others
 * @param log hears of a disk that fails, once each time
 */
public record FileStoreOptions(
    Capacity capacity, long logBytes, LongSupplier clockNs, Supplier<UUID> ids, System.Logger log) {
  public static final FileStoreOptions DEFAULT =
      new FileStoreOptions(
          Capacity.DEFAULT,
          16L << 20,
          System::nanoTime,
          UUID::randomUUID,
          System.getLogger("farslot.store"));
}
