package farslot.function.endpoint;

import farslot.function.Dma;
import farslot.pcie.CompletionStatus;
import java.lang.foreign.MemorySegment;

/** Transfers that are used again and again, and how many there may be. */
final class TransferPool {
  private final int countMax;
  private ReadTransfer free;
  private int made;

  TransferPool(int countMax) {
    this.countMax = countMax;
  }

  /** One that nothing is under way of yet. */
  ReadTransfer take(
      long address, MemorySegment to, long offset, int bytes, Dma.Done done, long cookie) {
    ReadTransfer transfer = free;
    if (transfer == null) {
      if (made == countMax) {
        throw new IllegalStateException("a card has " + countMax + " DMA reads under way");
      }
      made++;
      transfer = new ReadTransfer();
    } else {
      free = transfer.next;
    }
    transfer.address = address;
    transfer.to = to;
    transfer.offset = offset;
    transfer.bytes = bytes;
    transfer.done = done;
    transfer.cookie = cookie;
    transfer.atomic = 0;
    transfer.issued = 0;
    transfer.outstanding = 0;
    transfer.status = CompletionStatus.SC;
    return transfer;
  }

  void give(ReadTransfer transfer) {
    transfer.to = null;
    transfer.done = null;
    transfer.next = free;
    free = transfer;
  }

  void giveAll(TransferQueue queue) {
    while (!queue.isEmpty()) {
      give(queue.remove());
    }
  }
}
