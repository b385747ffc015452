package farslot.cards.foreign;

import farslot.function.Dma;
import farslot.function.ForeignDevice;
import farslot.pcie.CompletionStatus;
import java.lang.foreign.MemorySegment;

/**
 * What the device wants of the server's memory: DMA of this function, so that it obeys bus
 * mastering and DMA windows as that of every other card.
 */
final class DeviceDma implements Dma.Done {
  private final ForeignDevice device;
  private final Dma dma;
  private final ForeignCounters counters;
  private boolean busMaster;

  DeviceDma(ForeignDevice device, Dma dma, ForeignCounters counters) {
    this.device = device;
    this.dma = dma;
    this.counters = counters;
  }

  void busMaster(boolean enabled) {
    busMaster = enabled;
  }

  void read(long address, MemorySegment to, long offset, int bytes, long cookie) {
    counters.add(busMaster ? ForeignEvent.DEVICE_READS : ForeignEvent.DEVICE_NOT_BUS_MASTER);
    dma.read(address, to, offset, bytes, this, cookie);
  }

  boolean write(long address, MemorySegment from, long offset, int bytes) {
    counters.add(busMaster ? ForeignEvent.DEVICE_WRITES : ForeignEvent.DEVICE_NOT_BUS_MASTER);
    if (busMaster) {
      dma.write(address, from, offset, bytes);
    }
    return busMaster;
  }

  @Override
  public void done(long cookie, CompletionStatus status) {
    boolean ok = status == CompletionStatus.SC;
    if (!ok) {
      counters.add(ForeignEvent.DEVICE_READS_FAILED);
    }
    device.dmaDone(cookie, ok);
  }
}
