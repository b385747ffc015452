package farslot.store.file;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Time that a test lets pass. */
final class ManualClock implements LongSupplier {
  private final AtomicLong nowNs = new AtomicLong(-5_000_000_000L);

  @Override
  public long getAsLong() {
    return nowNs.get();
  }

  /** All at once. */
  void jump(Duration time) {
    nowNs.addAndGet(time.toNanos());
  }

  /** As it passes while a process runs. */
  void pass(FileStateStore store, Duration time) throws Exception {
    for (Duration left = time; left.isPositive(); left = left.minus(FileStateStore.TICK)) {
      jump(left.compareTo(FileStateStore.TICK) < 0 ? left : FileStateStore.TICK);
      store.tick();
    }
  }
}
