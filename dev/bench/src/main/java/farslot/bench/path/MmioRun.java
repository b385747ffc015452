package farslot.bench.path;

import farslot.fabric.LocalFunction;
import farslot.fabric.software.PciDevice;
import java.lang.foreign.MemorySegment;

/** Reads one register again and again, for a time. Runs on the data thread. */
final class MmioRun implements Run, LocalFunction.ReadDone {
  /**
   * A doorbell of NVMe: reading it changes nothing, and no initiator answers it from what it knows,
   * as it does with the controller's properties.
   */
  private static final long REGISTER = 0x1000;

  private static final int BYTES = 4;

  private final PciDevice device;
  private final long forNs;
  private final Took into;
  private Runnable finished;
  private long begunNs;
  private long startNs;
  private long endNs;
  private long done;

  MmioRun(PciDevice device, long forNs, Took into) {
    this.device = device;
    this.forNs = forNs;
    this.into = into;
  }

  @Override
  public void start(Runnable whenFinished) {
    finished = whenFinished;
    startNs = System.nanoTime();
    begunNs = startNs;
    device.read(0, REGISTER, BYTES, this, 0);
  }

  @Override
  public void done(long cookie, MemorySegment data, long offset, int bytes) {
    long now = System.nanoTime();
    into.took(begunNs, now);
    done++;
    if (now - startNs < forNs) {
      begunNs = now;
      device.read(0, REGISTER, BYTES, this, 0);
    } else {
      endNs = now;
      finished.run();
    }
  }

  @Override
  public Sample sample() {
    return new Sample(done, endNs - startNs, 0);
  }
}
