package farslot.vfiouser;

import farslot.vfiouser.wire.Outbox;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Writes replies into the {@link Outbox}. A request that wants no reply gets none: its payload then
 * goes to a place that nobody reads, so that whoever answers need not ask.
 */
final class Replies {
  private final Outbox outbox;
  private final MemorySegment nowhere = MemorySegment.ofArray(new byte[64]);
  private MemorySegment segment = nowhere;

  Replies(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Where {@link #begin}'s result points into. */
  MemorySegment segment() {
    return segment;
  }

  /** Attaches a descriptor to the reply that begins next. It is not closed. */
  void attach(int fd) {
    outbox.attach(fd);
  }

  /** Begins a reply with a payload of up to 64 bytes; returns where that begins. */
  long begin(VfioUserMessage request, int payloadBytes) {
    return begin(request.id(), request.command(), request.noReply(), payloadBytes);
  }

  long begin(int id, int command, boolean noReply, int payloadBytes) {
    if (noReply) {
      assert payloadBytes <= nowhere.byteSize();
      segment = nowhere;
      return 0;
    }
    long at = outbox.append(id, command, Wire.TYPE_REPLY, 0, payloadBytes);
    segment = outbox.segment();
    return at;
  }

  /** A reply without payload. */
  void ok(VfioUserMessage request) {
    begin(request, 0);
  }

  /** A reply that repeats the request's structure. */
  void echo(VfioUserMessage request, int bytes) {
    long at = begin(request, bytes);
    MemorySegment.copy(request.segment(), request.payloadAt(), segment, at, bytes);
  }

  /** An error reply is a header alone. */
  void refuse(VfioUserMessage request, int errno) {
    if (!request.noReply()) {
      int flags = Wire.TYPE_REPLY | Wire.FLAG_ERROR;
      outbox.append(request.id(), request.command(), flags, errno, 0);
    }
  }
}
