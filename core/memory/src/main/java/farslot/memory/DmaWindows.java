package farslot.memory;

/**
 * The DMA windows of one function: a table sorted by address, changed rarely and searched per TLP
 * without allocation. On the owner's thread only.
 */
public final class DmaWindows {
  /** Most windows that are kept; vfio-user's max_dma_maps. */
  public static final int COUNT_MAX = 65535;

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

  /** Adds a window. */
  public Change map(DmaWindow window) {
    throw new UnsupportedOperationException();
  }

  /** Removes exactly this window. */
  public Change unmap(long iova, long sizeBytes) {
    throw new UnsupportedOperationException();
  }

  /** Removes all. */
  public void clear() {
    throw new UnsupportedOperationException();
  }

  /**
   * The window that holds the whole range and permits the access, or null: then the answer is UR.
   */
  public DmaWindow find(long iova, int bytes, Access wanted) {
    throw new UnsupportedOperationException();
  }

  /** Windows now. */
  public int count() {
    throw new UnsupportedOperationException();
  }
}
