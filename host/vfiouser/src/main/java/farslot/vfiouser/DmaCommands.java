package farslot.vfiouser;

import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.memory.DmaWindows;
import farslot.memory.MessagedMemory;
import farslot.vfiouser.GuestMemory.GuestFile;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * DMA_MAP and DMA_UNMAP: the client's windows, with the files behind them. A window without a
 * descriptor is reached by messages.
 */
final class DmaCommands {
  private final DmaWindows windows;
  private final MessagedMemory messaged;
  private final GuestMemory memory;

  /** The windows of this session by their first address; null file: messaged. */
  private final Map<Long, Mapped> mapped = new HashMap<>();

  private record Mapped(long sizeBytes, GuestFile file) {}

  DmaCommands(DmaWindows windows, MessagedMemory messaged, GuestMemory memory) {
    this.windows = windows;
    this.messaged = messaged;
    this.memory = memory;
  }

  /**
   * DMA_MAP, its bytes checked.
   *
   * @param fd the memory, not kept; -1 when there is none
   */
  Refusal map(VfioUserMessage request, int fd) {
    long offset = request.u64(Wire.MAP_OFFSET_AT);
    long iova = request.u64(Wire.MAP_ADDRESS_AT);
    long bytes = request.u64(Wire.MAP_SIZE_AT);
    Access access = access(request.u32(Wire.ARG_FLAGS_AT));
    if (fd < 0) {
      return add(new DmaWindow(iova, bytes, access, null, messaged), null);
    }
    GuestFile file;
    try {
      file = memory.use(fd, offset, bytes, access != Access.READ);
    } catch (ErrnoException e) {
      return refusal(e.errno());
    }
    MemorySegment segment = file.mapping().segment().asSlice(offset, bytes);
    Refusal refusal = add(new DmaWindow(iova, bytes, access, segment, null), file);
    if (refusal != Refusal.NONE) {
      memory.giveBack(file);
    }
    return refusal;
  }

  /** DMA_UNMAP of one window: from now on no new transfer finds it. */
  Refusal unmap(long iova, long bytes) {
    if (windows.unmap(iova, bytes) != DmaWindows.Change.OK) {
      return covers(iova, bytes) ? Refusal.PART_OF_WINDOW : Refusal.NO_WINDOW;
    }
    Mapped gone = mapped.remove(iova);
    if (gone.file != null) {
      memory.release(gone.file);
    }
    return Refusal.NONE;
  }

  /** DMA_UNMAP of all, or the end of the session. */
  void unmapAll() {
    windows.clear();
    for (Mapped each : mapped.values()) {
      if (each.file != null) {
        memory.release(each.file);
      }
    }
    mapped.clear();
  }

  /** Windows now. */
  int count() {
    return mapped.size();
  }

  private Refusal add(DmaWindow window, GuestFile file) {
    Refusal refusal =
        switch (windows.map(window)) {
          case OK -> Refusal.NONE;
          case OVERLAP -> Refusal.OVERLAP;
          case FULL -> Refusal.WINDOWS_FULL;
          case NOT_FOUND -> throw new AssertionError("map finds nothing");
        };
    if (refusal == Refusal.NONE) {
      mapped.put(window.iova(), new Mapped(window.sizeBytes(), file));
    }
    return refusal;
  }

  /** Whether any window has a byte of the range. On the way to a refusal only. */
  private boolean covers(long iova, long bytes) {
    for (Map.Entry<Long, Mapped> each : mapped.entrySet()) {
      long into = each.getKey() - iova;
      if (into >= 0 ? into < bytes : -into < each.getValue().sizeBytes) {
        return true;
      }
    }
    return false;
  }

  private static Access access(int flags) {
    return switch (flags & (Wire.MAP_READ | Wire.MAP_WRITE)) {
      case Wire.MAP_READ -> Access.READ;
      case Wire.MAP_WRITE -> Access.WRITE;
      default -> Access.READ_WRITE;
    };
  }

  private static Refusal refusal(int errno) {
    return switch (errno) {
      case Errno.EACCES, Errno.EPERM -> Refusal.ACCESS;
      case Errno.ENOMEM, Errno.EMFILE -> Refusal.NO_MEMORY;
      default -> Refusal.FILE;
    };
  }
}
