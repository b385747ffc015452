package farslot.vfiouser.wire;

import farslot.linux.ErrnoException;
import farslot.linux.Fd;
import farslot.linux.Sockets;
import farslot.linux.UnixMessage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * Messages on their way to a client that may be slow to read: bytes in order, each message sent
 * with one call while the socket takes it, descriptors attached to a message's first byte.
 */
public final class Outbox {
  /** More than this unread, and the client is not coming back for it. */
  public static final int BYTES_MAX = 32 << 20;

  private static final int BYTES_FIRST = 16 << 10;

  /** Descriptors and the message that carries them. They stay open and ours. */
  private record Attachment(long position, int[] fds) {}

  private final UnixMessage message = new UnixMessage();
  private final ArrayDeque<Attachment> attachments = new ArrayDeque<>();
  private MemorySegment segment = Arena.ofAuto().allocate(BYTES_FIRST, Long.BYTES);
  private long base;
  private int from;
  private int to;

  public boolean isEmpty() {
    return from == to;
  }

  /** Bytes that wait. */
  public int bytes() {
    return to - from;
  }

  public boolean hasRoom(int bytes) {
    return bytes() + bytes <= BYTES_MAX;
  }

  public MemorySegment segment() {
    return segment;
  }

  /**
   * Appends a message's header and room for its payload; returns where the payload begins in {@link
   * #segment}, to be written before anything else is appended. It is not zeroed.
   */
  public long append(int id, int command, int flags, int errno, int payloadBytes) {
    int size = Wire.HEADER_BYTES + payloadBytes;
    makeRoom(size);
    long at = to;
    to += size;
    segment.set(VfioUserMessage.U16, at + Wire.ID_AT, (short) id);
    segment.set(VfioUserMessage.U16, at + Wire.COMMAND_AT, (short) command);
    segment.set(VfioUserMessage.U32, at + Wire.SIZE_AT, size);
    segment.set(VfioUserMessage.U32, at + Wire.FLAGS_AT, flags);
    segment.set(VfioUserMessage.U32, at + Wire.ERRNO_AT, errno);
    return at + Wire.HEADER_BYTES;
  }

  /**
   * Attaches descriptors to the message that will be appended next, once for each message: they
   * have to stay open until it is sent.
   */
  public void attach(int... fds) {
    attachments.add(new Attachment(base + to, fds));
  }

  /** Sends what the socket takes; false when some is left. */
  public boolean flush(int socket) throws ErrnoException {
    while (from < to) {
      Attachment next = attachments.peek();
      boolean carries = next != null && next.position() == base + from;
      int sent = carries ? sendWithFd(socket) : sendPlain(socket, next);
      if (sent == Fd.AGAIN) {
        return false;
      }
      from += sent;
    }
    base += to;
    from = 0;
    to = 0;
    return true;
  }

  private int sendPlain(int socket, Attachment next) throws ErrnoException {
    int end = next == null ? to : (int) (next.position() - base);
    return Sockets.send(socket, segment, from, end - from);
  }

  private int sendWithFd(int socket) throws ErrnoException {
    Attachment first = attachments.remove();
    Attachment next = attachments.peek();
    int end = next == null ? to : (int) (next.position() - base);
    int[] fds = first.fds();
    int sent = message.send(socket, segment, from, end - from, fds, fds.length);
    if (sent == Fd.AGAIN) {
      attachments.addFirst(first);
    }
    return sent;
  }

  private void makeRoom(int bytes) {
    if (to + bytes <= segment.byteSize()) {
      return;
    }
    int kept = to - from;
    MemorySegment target = segment;
    if (kept + bytes > segment.byteSize() / 2) {
      long larger = Math.max(2 * segment.byteSize(), Long.highestOneBit(kept + bytes) * 2L);
      target = Arena.ofAuto().allocate(larger, Long.BYTES);
    }
    MemorySegment.copy(segment, from, target, 0, kept);
    segment = target;
    base += from;
    from = 0;
    to = kept;
  }
}
