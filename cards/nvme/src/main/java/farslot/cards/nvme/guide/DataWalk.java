package farslot.cards.nvme.guide;

import farslot.cards.nvme.spec.Sgl;
import farslot.cards.nvme.spec.Sqe;
import farslot.function.GuidePort;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Where a command's data lies, and the lists that say so: by PRPs (Base 4.1.1) or SGLs (4.1.2). The
 * walk names what the controller will read: lists always, data when it goes to the controller. What
 * is malformed is the controller's to refuse; here it ends the walk.
 *
 * <p>A server that changes its lists meanwhile, or lets them go in circles, costs a bounded number
 * of reads, and hurts nobody but itself.
 */
final class DataWalk {
  private static final int PRP_BYTES = 8;

  private final GuidePort port;
  private final MemorySegment list = Arena.ofAuto().allocate(GuideLimits.LIST_BYTES, 8);

  /** What is done with lists and with data that the controller reads. */
  private boolean pushLists;

  private boolean pushData;
  private boolean leaveData;

  /** Whether data that goes to the server is named, too. */
  private boolean bothWays;

  private boolean toController;

  private int pageBytes;
  private int listsLeft;
  private long left;

  /** Data that is named and not yet pushed or left: adjacent pieces are joined. */
  private long runAddress;

  private int runBytes;

  DataWalk(GuidePort port) {
    this.port = port;
  }

  /** A doorbell begins. */
  void begin(int memoryPageBytes) {
    pageBytes = memoryPageBytes;
    listsLeft = GuideLimits.LISTS_MAX;
  }

  /**
   * Pushes a command's lists, and its data if it is said so.
   *
   * @return false when it is not known where all of that lies
   */
  boolean push(MemorySegment sqe, long at, Transfer transfer, boolean data) {
    pushLists = true;
    pushData = data && transfer.toController;
    leaveData = false;
    bothWays = false;
    return walk(sqe, at, transfer);
  }

  /**
   * Names a command's data as read by the controller and not pushed.
   *
   * @return false when it is not known where it lies
   */
  boolean leave(MemorySegment sqe, long at, Transfer transfer) {
    pushLists = false;
    pushData = false;
    leaveData = transfer.toController;
    bothWays = false;
    return walk(sqe, at, transfer);
  }

  /**
   * Names a command's data, whichever way it goes, by {@link GuidePort#leave}.
   *
   * @return false when it is not known where all of it lies
   */
  boolean show(MemorySegment sqe, long at, Transfer transfer) {
    pushLists = false;
    pushData = false;
    leaveData = true;
    bothWays = true;
    return walk(sqe, at, transfer);
  }

  private boolean walk(MemorySegment sqe, long at, Transfer transfer) {
    left = transfer.bytes;
    toController = transfer.toController;
    runBytes = 0;
    boolean known =
        LittleEndian.u8(sqe, at + Sqe.FLAGS) >> Sqe.PSDT_SHIFT == Sqe.PSDT_PRP
            ? prps(LittleEndian.i64(sqe, at + Sqe.PRP1), LittleEndian.i64(sqe, at + Sqe.PRP2))
            : sgls(sqe, at + Sqe.SGL1);
    endRun();
    return known;
  }

  // ---- pieces

  private void data(long address, long most) {
    int bytes = (int) Math.min(most, left);
    left -= bytes;
    if (!toController && !bothWays || bytes == 0) {
      return;
    }
    if (runBytes > 0 && runAddress + runBytes == address) {
      runBytes += bytes;
    } else {
      endRun();
      runAddress = address;
      runBytes = bytes;
    }
  }

  private void endRun() {
    if (runBytes > 0 && pushData) {
      port.push(runAddress, runBytes, true);
    } else if (runBytes > 0 && leaveData) {
      port.leave(runAddress, runBytes);
    }
    runBytes = 0;
  }

  /** Reads a piece of list; false when there is none, or there have been too many. */
  private boolean list(long address, int bytes) {
    if (listsLeft == 0) {
      return false;
    }
    listsLeft--;
    if (pushLists) {
      port.push(address, bytes, true);
    }
    return port.read(address, list, 0, bytes);
  }

  // ---- PRPs

  private boolean prps(long prp1, long prp2) {
    data(prp1, pageBytes - offset(prp1));
    if (left == 0) {
      return true;
    }
    if (left <= pageBytes) {
      data(prp2, left);
      return true;
    }
    return prpList(prp2);
  }

  private boolean prpList(long first) {
    long address = first;
    while (left > 0) {
      long needed = (left + pageBytes - 1) / pageBytes;
      int fitting = (pageBytes - offset(address)) / PRP_BYTES;
      int entries = (int) Math.min(needed, fitting);
      if (entries == 0 || (address & PRP_BYTES - 1) != 0) {
        return true; // PRP Offset Invalid
      }
      if (!prpEntries(address, entries, needed > fitting)) {
        return false;
      }
      address = LittleEndian.i64(list, lastEntry);
      if (needed > fitting && offset(address) != 0) {
        return true;
      }
    }
    return true;
  }

  /** Where in {@link #list} the entry lies that was read last. */
  private long lastEntry;

  private boolean prpEntries(long address, int entries, boolean chained) {
    int pages = chained ? entries - 1 : entries;
    for (int done = 0; done < entries; ) {
      int inList = Math.min(entries - done, GuideLimits.LIST_BYTES / PRP_BYTES);
      if (!list(address + (long) done * PRP_BYTES, inList * PRP_BYTES)) {
        return false;
      }
      for (int i = 0; i < inList && done + i < pages; i++) {
        data(LittleEndian.i64(list, (long) i * PRP_BYTES), pageBytes);
      }
      lastEntry = (long) (inList - 1) * PRP_BYTES;
      done += inList;
    }
    return true;
  }

  private int offset(long address) {
    return (int) address & pageBytes - 1;
  }

  // ---- SGLs

  private boolean sgls(MemorySegment sqe, long at) {
    if (!isSegment(sqe, at)) {
      return block(sqe, at);
    }
    long segment = LittleEndian.i64(sqe, at + Sgl.ADDRESS);
    long bytes = LittleEndian.u32(sqe, at + Sgl.LENGTH);
    int descriptors = 0;
    while (bytes > 0 && left > 0) {
      int piece = (int) Math.min(bytes, GuideLimits.LIST_BYTES);
      descriptors += piece / Sgl.BYTES;
      if (piece % Sgl.BYTES != 0) {
        return true; // Invalid SGL Segment Descriptor
      }
      if (descriptors > GuideLimits.DESCRIPTORS_MAX || !list(segment, piece)) {
        return false;
      }
      segment += piece;
      bytes -= piece;
      long last = piece - Sgl.BYTES;
      for (long i = 0; i < last; i += Sgl.BYTES) {
        if (!block(list, i)) {
          return false;
        }
      }
      if (bytes == 0 && isSegment(list, last)) {
        segment = LittleEndian.i64(list, last + Sgl.ADDRESS);
        bytes = LittleEndian.u32(list, last + Sgl.LENGTH);
      } else if (!block(list, last)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSegment(MemorySegment in, long at) {
    int type = LittleEndian.u8(in, at + Sgl.IDENTIFIER) >> 4;
    return type == Sgl.SEGMENT || type == Sgl.LAST_SEGMENT;
  }

  /** A data block or bit bucket; false for what is not known here. */
  private boolean block(MemorySegment in, long at) {
    int identifier = LittleEndian.u8(in, at + Sgl.IDENTIFIER);
    long bytes = LittleEndian.u32(in, at + Sgl.LENGTH);
    if (identifier == Sgl.DATA_BLOCK << 4) {
      data(LittleEndian.i64(in, at + Sgl.ADDRESS), bytes);
      return true;
    }
    if (identifier == Sgl.BIT_BUCKET << 4) {
      left -= toController ? 0 : Math.min(bytes, left);
      return true;
    }
    return false;
  }
}
