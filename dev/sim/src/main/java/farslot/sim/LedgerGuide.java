package farslot.sim;

import static farslot.sim.LedgerSpec.*;

import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.function.GuideProvider;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Sends along the descriptor that a doorbell makes a {@link LedgerCard} read, or leaves it, or
 * sends more than that: what is there of slots whose next jobs are still to come. So whatever is in
 * the card's store when their doorbells ring is old, unless it is taken back in time.
 */
final class LedgerGuide implements GuideProvider {
  @Override
  public String name() {
    return "ledger";
  }

  @Override
  public boolean knows(int vendorId, int deviceId, int classCode) {
    return vendorId == VENDOR_ID && deviceId == DEVICE_ID;
  }

  @Override
  public DmaGuide guide(GuidePort port) {
    return new Guide(port);
  }

  private record Guide(GuidePort port) implements DmaGuide {
    @Override
    public void onWrite(int bar, long offset, MemorySegment from, long at, int bytes) {
      if (offset != DOORBELL || bytes != Long.BYTES) {
        return;
      }
      long job = from.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
      int slot = LedgerSpec.slot(job);
      long address = IOVA + DESCRIPTORS + (long) slot * SLOT_BYTES;
      int more = Math.min(SLOTS - slot, 8) * SLOT_BYTES;
      switch ((int) (job * 0x9E37_79B9L >>> 16) & 7) {
        case 0 -> port.leave(address, SLOT_BYTES);
        case 1 -> port.leaveAll();
        case 2 -> port.push(address, SLOT_BYTES, false);
        case 3, 4 -> port.push(address, more, true);
        case 5 -> {
          // Half of it is pushed; the other half the card has to ask for.
          port.push(address, SLOT_BYTES / 2, true);
          port.leave(address + SLOT_BYTES / 2, SLOT_BYTES / 2);
        }
        default -> port.push(address, SLOT_BYTES, true);
      }
    }

    @Override
    public void reset() {}
  }
}
