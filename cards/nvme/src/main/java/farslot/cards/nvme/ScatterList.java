package farslot.cards.nvme;

import java.util.Arrays;

/** Where a command's data lies in the server's memory: pieces in order, adjacent ones joined. */
final class ScatterList {
  private static final int INITIAL = 32;

  private long[] addresses = new long[INITIAL];
  private int[] lengths = new int[INITIAL];
  private int count;

  void clear() {
    count = 0;
  }

  /** Adds a piece; false when there are {@link NvmeLimits#SCATTER_MAX} already. */
  boolean add(long address, int bytes) {
    if (count > 0 && !discarded(count - 1) && ends(count - 1) == address) {
      lengths[count - 1] += bytes;
      return true;
    }
    return append(address, bytes);
  }

  /** Adds bytes that are to be thrown away (a bit bucket). */
  boolean addDiscarded(int bytes) {
    return append(0, -bytes);
  }

  private boolean append(long address, int bytes) {
    if (count == NvmeLimits.SCATTER_MAX) {
      return false;
    }
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, count * 2);
      lengths = Arrays.copyOf(lengths, count * 2);
    }
    addresses[count] = address;
    lengths[count++] = bytes;
    return true;
  }

  private long ends(int i) {
    return addresses[i] + lengths[i];
  }

  int count() {
    return count;
  }

  long address(int i) {
    return addresses[i];
  }

  int bytes(int i) {
    return Math.abs(lengths[i]);
  }

  boolean discarded(int i) {
    return lengths[i] < 0;
  }
}
