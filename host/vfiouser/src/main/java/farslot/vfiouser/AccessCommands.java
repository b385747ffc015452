package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.vfiouser.Requests.Outcome;
import farslot.vfiouser.Requests.Overdue;
import farslot.vfiouser.VfioUserCounters.Counter;
import farslot.vfiouser.wire.Outbox;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.lang.foreign.MemorySegment;

/** REGION_READ, REGION_WRITE and REGION_WRITE_MULTI: one at a time, and answered in the end. */
final class AccessCommands {
  private final LocalFunction function;
  private final Outbox outbox;
  private final Replies replies;
  private final Requests requests;
  private final VfioUserCounters counters;
  private final RegionAccess access;

  /** Null when doorbells are messages. */
  private final MappedDoorbells doorbells;

  /** As the client was told; the card may go, the client's idea of it stays. */
  private final long[] regionBytes = new long[LocalFunction.REGION_COUNT];

  // The access that is under way.
  private int id;
  private int command;
  private boolean noReply;
  private long multiWrites;

  AccessCommands(Commands.Parts parts) {
    function = parts.function();
    outbox = parts.outbox();
    replies = parts.replies();
    requests = parts.requests();
    counters = parts.counters();
    doorbells = parts.doorbells();
    access = new RegionAccess(function, parts.inbox(), this::onDone);
    access.filter(parts.filter(), parts.relay());
    for (int i = 0; i < regionBytes.length; i++) {
      regionBytes[i] = function.region(i).sizeBytes();
    }
  }

  static boolean isAccess(int command) {
    return command == Wire.REGION_READ
        || command == Wire.REGION_WRITE
        || command == Wire.REGION_WRITE_MULTI;
  }

  /** Why the access cannot be; its bytes have been checked. */
  Refusal check(VfioUserMessage request) {
    if (request.command() != Wire.REGION_WRITE_MULTI) {
      return range(request, 0);
    }
    long writes = request.u64(0);
    for (int i = 0; i < writes; i++) {
      Refusal refusal = range(request, Wire.MULTI_BYTES + (long) i * Wire.MULTI_ENTRY_BYTES);
      if (refusal != Refusal.NONE) {
        return refusal;
      }
    }
    return Refusal.NONE;
  }

  /** Begins an access that {@link #check} has nothing against. */
  Outcome begin(VfioUserMessage request, long position) {
    boolean read = request.command() == Wire.REGION_READ;
    if (!read && !function.hasRoom()) {
      return Outcome.WAIT;
    }
    id = request.id();
    command = request.command();
    noReply = request.noReply();
    if (doorbells != null) {
      doorbells.poll(0); // those written before this access are seen before it
    }
    if (command == Wire.REGION_WRITE_MULTI) {
      multiWrites = request.u64(0);
      counters.add(Counter.REGION_WRITES, multiWrites);
      access.writeMulti(position + Wire.HEADER_BYTES + Wire.MULTI_BYTES, (int) multiWrites);
      return Outcome.PENDING;
    }
    counters.count(read ? Counter.REGION_READS : Counter.REGION_WRITES);
    int region = request.u32(Wire.ACCESS_REGION_AT);
    long offset = request.u64(Wire.ACCESS_OFFSET_AT);
    int count = request.u32(Wire.ACCESS_COUNT_AT);
    if (region < LocalFunction.REGION_ROM) {
      function.settingUp(false); // A driver is at work, for clients that do not reset first.
    }
    if (read) {
      access.read(region, offset, count);
    } else {
      access.write(region, offset, count, position + Wire.HEADER_BYTES + Wire.ACCESS_BYTES);
    }
    return Outcome.PENDING;
  }

  /** The function takes writes again. */
  void resume() {
    access.resume();
  }

  /** Answers what is under way without the card. */
  void giveUp() {
    access.giveUp();
    onDone();
  }

  /** The session has ended: what the card answers now is nobody's. */
  void close() {
    access.giveUp();
  }

  /** An access that waits behind a write which the function does not take. */
  Overdue overdue(VfioUserMessage request) {
    boolean read = request.command() == Wire.REGION_READ;
    if (request.noReply() && !read) {
      return Overdue.KEPT;
    }
    counters.count(Counter.OVERDUE);
    if (read) {
      answerAllOnes(request);
      return Overdue.ANSWERED;
    }
    boolean multi = request.command() == Wire.REGION_WRITE_MULTI;
    replies.echo(request, multi ? Wire.MULTI_BYTES : Wire.ACCESS_BYTES);
    long flagsAt = request.payloadAt() - Wire.HEADER_BYTES + Wire.FLAGS_AT;
    request.segment().set(VfioUserMessage.U32, flagsAt, request.flags() | Wire.FLAG_NO_REPLY);
    return Overdue.KEPT;
  }

  private void onDone() {
    if (command == Wire.REGION_READ) {
      replyData();
    } else if (command == Wire.REGION_WRITE) {
      long at = replies.begin(id, command, noReply, Wire.ACCESS_BYTES);
      putAccess(replies.segment(), at);
    } else {
      long at = replies.begin(id, command, noReply, Wire.MULTI_BYTES);
      replies.segment().set(VfioUserMessage.U64, at, multiWrites);
    }
    requests.complete();
  }

  private void replyData() {
    if (noReply) {
      return;
    }
    int count = access.bytes();
    long at = outbox.append(id, command, Wire.TYPE_REPLY, 0, Wire.ACCESS_BYTES + count);
    MemorySegment to = outbox.segment();
    putAccess(to, at);
    MemorySegment.copy(access.data(), 0, to, at + Wire.ACCESS_BYTES, count);
  }

  private void putAccess(MemorySegment to, long at) {
    to.set(VfioUserMessage.U64, at + Wire.ACCESS_OFFSET_AT, access.offset());
    to.set(VfioUserMessage.U32, at + Wire.ACCESS_REGION_AT, access.region());
    to.set(VfioUserMessage.U32, at + Wire.ACCESS_COUNT_AT, access.bytes());
  }

  private void answerAllOnes(VfioUserMessage request) {
    if (request.noReply()) {
      return;
    }
    int count = request.u32(Wire.ACCESS_COUNT_AT);
    int bytes = Wire.ACCESS_BYTES + count;
    long at = outbox.append(request.id(), request.command(), Wire.TYPE_REPLY, 0, bytes);
    MemorySegment to = outbox.segment();
    MemorySegment.copy(request.segment(), request.payloadAt(), to, at, Wire.ACCESS_BYTES);
    to.asSlice(at + Wire.ACCESS_BYTES, count).fill((byte) 0xFF);
  }

  private Refusal range(VfioUserMessage request, long at) {
    int region = request.u32(at + Wire.ACCESS_REGION_AT);
    if (!InfoReplies.isRegion(region)) {
      return Refusal.INDEX;
    }
    long offset = request.u64(at + Wire.ACCESS_OFFSET_AT);
    long count = request.u32(at + Wire.ACCESS_COUNT_AT);
    boolean inside = offset >= 0 && offset <= regionBytes[region] - count;
    return inside ? Refusal.NONE : Refusal.RANGE;
  }
}
