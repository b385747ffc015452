package farslot.memory;

import java.util.Arrays;

/**
 * The DMA windows of one function: a table sorted by address, changed rarely and searched per TLP
 * without allocation. On the owner's thread only.
 */
public final class DmaWindows {
  /** Most windows that are kept; vfio-user's max_dma_maps. */
  public static final int COUNT_MAX = 65535;

  private static final int COUNT_FIRST = 64;

  /** How a change went. */
  public enum Change {
    OK,
    /** Overlaps one that is there (EEXIST). */
    OVERLAP,
    /** No such window, or it covers only a part of it (ENOENT / EINVAL). */
    NOT_FOUND,
    /** {@link #COUNT_MAX} reached (ENOSPC). */
    FULL
  }

  /** How all of a range may be reached. */
  public enum Reach {
    /** Some byte lies outside, or may not be accessed so: UR, and nothing moves. */
    NONE,
    /** All of it is mapped: {@link DmaCopy}. */
    MAPPED,
    /** All of it may be reached, but at least one piece by messages: go piece by piece. */
    MESSAGED
  }

  /** Who is told that a card may reach less than before. */
  public interface Unmapped {
    /** Called when the window is gone already, before whoever unmapped it goes on. */
    void unmapped(long iova, long sizeBytes);
  }

  private final Unmapped unmapped;

  /** First addresses, ascending, with the top bit flipped so that signed order is unsigned. */
  private long[] keys = new long[COUNT_FIRST];

  private DmaWindow[] windows = new DmaWindow[COUNT_FIRST];
  private int count;

  /** The window of the last hit: transfers come in runs. Null after every change. */
  private DmaWindow last;

  public DmaWindows() {
    this((iova, sizeBytes) -> {});
  }

  /**
   * @param unmapped told of each window that is taken away
   */
  public DmaWindows(Unmapped unmapped) {
    this.unmapped = unmapped;
  }

  /** Adds a window. */
  public Change map(DmaWindow window) {
    long key = key(window.iova());
    int before = floor(key);
    if (before >= 0 && overlaps(windows[before], window)
        || before + 1 < count && overlaps(windows[before + 1], window)) {
      return Change.OVERLAP;
    }
    if (count == COUNT_MAX) {
      return Change.FULL;
    }
    insert(before + 1, key, window);
    return Change.OK;
  }

  /** Removes exactly this window. */
  public Change unmap(long iova, long sizeBytes) {
    int index = floor(key(iova));
    if (index < 0 || windows[index].iova() != iova || windows[index].sizeBytes() != sizeBytes) {
      return Change.NOT_FOUND;
    }
    remove(index);
    unmapped.unmapped(iova, sizeBytes);
    return Change.OK;
  }

  /** Removes all. */
  public void clear() {
    int before = count;
    DmaWindow[] gone = windows;
    windows = new DmaWindow[COUNT_FIRST];
    keys = new long[COUNT_FIRST];
    count = 0;
    last = null;
    for (int i = 0; i < before; i++) {
      unmapped.unmapped(gone[i].iova(), gone[i].sizeBytes());
    }
  }

  /**
   * The window that holds the whole range and permits the access, or null: then the answer is UR.
   */
  public DmaWindow find(long iova, int bytes, Access wanted) {
    DmaWindow window = at(iova);
    return window != null && window.contains(iova, bytes) && window.access().permits(wanted)
        ? window
        : null;
  }

  /**
   * Whether and how every byte of a range may be reached. A TLP may lie across adjacent windows
   * where those are not whole 4 KiB pages, so this comes before the first byte is moved; then
   * {@link #at} and {@link DmaWindow#bytesInside} give the pieces. A range of 0 bytes (a flush)
   * asks for its address.
   */
  public Reach reach(long iova, int bytes, Access wanted) {
    boolean messaged = false;
    long address = iova;
    int left = Math.max(1, bytes);
    while (left > 0) {
      DmaWindow window = at(address);
      // Behind the last address there is nothing: a range never wraps to 0.
      boolean wrapped = Long.compareUnsigned(address, iova) < 0;
      if (window == null || wrapped || !window.access().permits(wanted)) {
        return Reach.NONE;
      }
      messaged |= window.messaged() != null;
      int inside = window.bytesInside(address, left);
      address += inside;
      left -= inside;
    }
    return messaged ? Reach.MESSAGED : Reach.MAPPED;
  }

  /** Windows now. */
  public int count() {
    return count;
  }

  /** The window that holds this address, whatever it permits, or null. */
  public DmaWindow at(long iova) {
    DmaWindow hit = last;
    if (hit != null && hit.contains(iova, 1)) {
      return hit;
    }
    int index = floor(key(iova));
    if (index < 0 || !windows[index].contains(iova, 1)) {
      return null;
    }
    last = windows[index];
    return last;
  }

  /** Index of the last window that begins at or below, or -1. */
  private int floor(long key) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      if (keys[middle] <= key) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  private void insert(int index, long key, DmaWindow window) {
    if (count == keys.length) {
      int larger = Math.min(2 * count, COUNT_MAX);
      keys = Arrays.copyOf(keys, larger);
      windows = Arrays.copyOf(windows, larger);
    }
    System.arraycopy(keys, index, keys, index + 1, count - index);
    System.arraycopy(windows, index, windows, index + 1, count - index);
    keys[index] = key;
    windows[index] = window;
    count++;
    last = null;
  }

  private void remove(int index) {
    count--;
    System.arraycopy(keys, index + 1, keys, index, count - index);
    System.arraycopy(windows, index + 1, windows, index, count - index);
    windows[count] = null;
    last = null;
  }

  private static boolean overlaps(DmaWindow one, DmaWindow other) {
    return one.contains(other.iova(), 1) || other.contains(one.iova(), 1);
  }

  private static long key(long iova) {
    return iova ^ Long.MIN_VALUE;
  }
}
