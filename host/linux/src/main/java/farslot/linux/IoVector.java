package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Several pieces of memory sent by one call. One per socket, reused; allocates nothing per use. */
public final class IoVector {
  private static final int HEADER_BYTES = 56;
  private static final int VECTOR_AT = 16;
  private static final int VECTORS_AT = 24;
  private static final int IOVEC_BYTES = 16;

  private final int piecesMax;
  private final MemorySegment header;
  private final MemorySegment vector;
  private int pieces;

  /**
   * @param piecesMax 1 to 1024 (IOV_MAX)
   */
  public IoVector(int piecesMax) {
    if (piecesMax < 1 || piecesMax > 1024) {
      throw new IllegalArgumentException(piecesMax + " pieces");
    }
    this.piecesMax = piecesMax;
    Arena arena = Arena.ofAuto();
    header = arena.allocate(HEADER_BYTES, Long.BYTES);
    vector = arena.allocate((long) piecesMax * IOVEC_BYTES, Long.BYTES);
    header.set(ValueLayout.JAVA_LONG, VECTOR_AT, vector.address());
  }

  public void clear() {
    pieces = 0;
  }

  /** Whether {@link #add} would fail. */
  public boolean isFull() {
    return pieces == piecesMax;
  }

  /** Adds a piece of native memory, which stays alive and unchanged until it is sent. */
  public void add(MemorySegment segment, long offset, long bytes) {
    if (isFull()) {
      throw new IllegalStateException("more than " + piecesMax + " pieces");
    }
    long at = (long) pieces * IOVEC_BYTES;
    vector.set(ValueLayout.JAVA_LONG, at, Calls.address(segment, offset, bytes));
    vector.set(ValueLayout.JAVA_LONG, at + Long.BYTES, bytes);
    pieces++;
  }

  /**
   * Sends the pieces in order to a socket: how many bytes went, perhaps not all, or {@link
   * Fd#AGAIN}. (sendmsg rather than writev, which would raise SIGPIPE.)
   */
  public long send(int socket) throws ErrnoException {
    header.set(ValueLayout.JAVA_LONG, VECTORS_AT, pieces);
    while (true) {
      long result = SocketCalls.sendmsg(socket, header.address(), Sockets.MSG_NOSIGNAL);
      if (result >= 0) {
        return result;
      }
      if (result == -Errno.EAGAIN) {
        return Fd.AGAIN;
      }
      if (result != -Errno.EINTR) {
        throw Fd.failed("sendmsg", socket, pieces, result);
      }
    }
  }
}
