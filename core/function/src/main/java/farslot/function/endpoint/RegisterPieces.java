package farslot.function.endpoint;

import farslot.pcie.TlpView;

/**
 * How a request becomes register accesses: runs of enabled bytes, each cut into naturally aligned
 * pieces of 8, 4, 2 and 1 byte, lowest address first.
 */
public final class RegisterPieces {
  private static final int BYTES_MAX = 8;

  private RegisterPieces() {}

  /** The largest power of two that the offset is a multiple of and that still fits. */
  public static int bytes(long offset, int bytesLeft) {
    int aligned = (int) Math.min(BYTES_MAX, Long.lowestOneBit(offset | BYTES_MAX));
    return Math.min(aligned, Integer.highestOneBit(bytesLeft));
  }

  /**
   * Where the run ends that byte {@code from} begins.
   *
   * @param from counted from the first enabled byte
   * @param bytes as {@link TlpView#enabledBytes}
   */
  public static int runEnd(TlpView request, int from, int bytes) {
    if (request.contiguous()) {
      return bytes;
    }
    int end = from;
    while (end < bytes && enabled(request, end)) {
      end++;
    }
    return end;
  }

  /** Where the run begins that follows the one which ends at {@code from}. */
  public static int nextRun(TlpView request, int from, int bytes) {
    int next = from;
    while (next < bytes && !enabled(request, next)) {
      next++;
    }
    return next;
  }

  /** Byte {@code index} behind the first enabled one; only for requests of one or two DWs. */
  private static boolean enabled(TlpView request, int index) {
    int both = request.lastBe() << 4 | request.firstBe();
    int first = Integer.numberOfTrailingZeros(request.firstBe());
    return (both >>> first + index & 1) != 0;
  }
}
