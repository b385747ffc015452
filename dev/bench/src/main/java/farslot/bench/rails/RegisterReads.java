package farslot.bench.rails;

import farslot.fabric.LocalFunction;
import farslot.fabric.software.PciDevice;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Reads a register again and again for a time. On the data thread. */
final class RegisterReads implements LocalFunction.ReadDone {
  /** A doorbell: nobody but the card answers for it, and reading it does nothing. */
  private static final long REGISTER = 0x1000;

  private static final int BYTES = 4;

  private final PciDevice device;
  private final long endNs;
  private final Consumer<Double> end;
  private long reads;

  /**
   * @param end told how many there were
   */
  RegisterReads(PciDevice device, long endNs, Consumer<Double> end) {
    this.device = device;
    this.endNs = endNs;
    this.end = end;
  }

  void next() {
    device.read(0, REGISTER, BYTES, this, 0);
  }

  @Override
  public void done(long cookie, MemorySegment data, long offset, int bytes) {
    reads++;
    if (System.nanoTime() < endNs) {
      next();
    } else {
      end.accept((double) reads);
    }
  }
}
