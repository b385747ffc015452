package farslot.vfiouser.wire;

import farslot.linux.ErrnoException;
import farslot.linux.Fd;
import farslot.linux.UnixMessage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;

/**
 * What a client has sent and is not dealt with: bytes in one piece, addressed by their position in
 * the stream, and the descriptors among them. Bounded: a client that sends faster than it is served
 * finds its socket full.
 */
public final class Inbox {
  public static final int[] NO_FDS = {};

  private static final int BYTES_FIRST = 16 << 10;

  /** Most descriptors that wait for their message; more is no client of ours. */
  public static final int FDS_MAX = 4 * UnixMessage.FDS_MAX;

  /** Descriptors and the last byte that came with them: they belong to that byte's message. */
  private record Arrived(long position, int[] fds) {}

  private final int bytesMax;
  private final UnixMessage message = new UnixMessage();
  private final ArrayDeque<Arrived> arrived = new ArrayDeque<>();
  private MemorySegment segment = Arena.ofAuto().allocate(BYTES_FIRST, Long.BYTES);

  /** Stream position of the segment's first byte. */
  private long base;

  private int from;
  private int to;
  private int waitingFds;
  private boolean filled;

  /**
   * @param bytesMax at least the largest message
   */
  public Inbox(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Stream position of the first byte that is kept. */
  public long head() {
    return base + from;
  }

  /** Stream position behind the last byte that arrived. */
  public long tail() {
    return base + to;
  }

  public MemorySegment segment() {
    return segment;
  }

  /** Where a kept byte is in {@link #segment}; changes with every {@link #receive}. */
  public long offset(long position) {
    return position - base;
  }

  /** Whether anything more fits. */
  public boolean isFull() {
    return to - from == bytesMax;
  }

  /** Whether more descriptors wait than any client has reason to send. */
  public boolean tooManyFds() {
    return waitingFds > FDS_MAX || message.truncated();
  }

  /** Whether the last {@link #receive} may have left something. */
  public boolean wasFilled() {
    return filled;
  }

  /** Reads what is there: bytes, {@link Fd#END} or {@link Fd#AGAIN}. Not when full. */
  public int receive(int socket) throws ErrnoException {
    makeRoom();
    int room = (int) segment.byteSize() - to;
    int bytes = message.receive(socket, segment, to, room);
    filled = bytes == room || message.fdCount() > 0;
    if (bytes > 0) {
      to += bytes;
    }
    if (message.fdCount() > 0) {
      int[] fds = new int[message.fdCount()];
      waitingFds += message.takeFds(fds, 0);
      arrived.add(new Arrived(tail() - 1, fds));
    }
    return bytes;
  }

  /** Forgets everything before a position. */
  public void release(long position) {
    from = (int) offset(position);
    if (from == to) {
      base += to;
      from = 0;
      to = 0;
    }
  }

  /**
   * The descriptors of a message, for the caller to close; an empty array when there are none.
   * Usually one piece; a message sent in several may bring some with each.
   */
  public int[] takeFds(long position, int bytes) {
    if (arrived.isEmpty()) {
      return NO_FDS;
    }
    int[] taken = NO_FDS;
    for (Iterator<Arrived> each = arrived.iterator(); each.hasNext(); ) {
      Arrived here = each.next();
      if (here.position() >= position && here.position() < position + bytes) {
        each.remove();
        taken = join(taken, here.fds());
        waitingFds -= here.fds().length;
      }
    }
    return taken;
  }

  /** Closes the descriptors that nobody has taken. */
  public void close() {
    message.closeFds();
    for (Arrived each : arrived) {
      Fd.closeAll(each.fds(), each.fds().length);
    }
    arrived.clear();
  }

  private static int[] join(int[] first, int[] second) {
    int[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private void makeRoom() {
    if (to < segment.byteSize()) {
      return;
    }
    int kept = to - from;
    MemorySegment target = segment;
    if (kept > segment.byteSize() / 2 && segment.byteSize() < bytesMax) {
      long bytes = Math.min(bytesMax, 2 * segment.byteSize());
      target = Arena.ofAuto().allocate(bytes, Long.BYTES);
    }
    MemorySegment.copy(segment, from, target, 0, kept);
    segment = target;
    base += from;
    from = 0;
    to = kept;
  }
}
