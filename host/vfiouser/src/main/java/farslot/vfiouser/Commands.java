package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.vfiouser.Requests.Outcome;
import farslot.vfiouser.Requests.Overdue;
import farslot.vfiouser.VfioUserCounters.Counter;
import java.lang.foreign.MemorySegment;

/**
 * Carries out the requests of a client that has agreed on a version, one at a time, and answers
 * them.
 */
final class Commands implements LocalFunction.WriteDone {
  /** In place of a size: every window. */
  private static final long ALL = -1;

  private final LocalFunction function;
  private final Inbox inbox;
  private final Outbox outbox;
  private final Replies replies;
  private final Requests requests;
  private final VfioUserCounters counters;
  private final RegionAccess access;
  private final IrqCommands irqs;
  private final InfoReplies info;
  private final DmaCommands dma;
  private final MessagedDma messaged;
  private final MappedDoorbells doorbells;
  private final int dataBytesMax;

  // The request that is pending: its answer's header, and of an unmap what it waits for.
  private int id;
  private int command;
  private boolean noReply;
  private long multiWrites;
  private long unmapAt;
  private long unmapBytes;
  private long unmapSinceNs;

  /** Tells a reset that was given up from the one that is pending. */
  private long resetSerial;

  /** What a session is made of, once its version is agreed. */
  record Parts(
      LocalFunction function,
      Inbox inbox,
      Outbox outbox,
      Replies replies,
      Requests requests,
      VfioUserCounters counters,
      IrqCommands irqs,
      DmaCommands dma,
      MessagedDma messaged,
      MappedDoorbells doorbells,
      ConfigFilter filter) {}

  Commands(Parts parts, int dataBytesMax) {
    function = parts.function;
    inbox = parts.inbox;
    outbox = parts.outbox;
    replies = parts.replies;
    requests = parts.requests;
    counters = parts.counters;
    irqs = parts.irqs;
    dma = parts.dma;
    messaged = parts.messaged;
    doorbells = parts.doorbells;
    this.dataBytesMax = dataBytesMax;
    access = new RegionAccess(function, inbox, this::onAccessDone);
    access.filter(parts.filter);
    info = new InfoReplies(function, irqs, replies, doorbells);
  }

  Outcome execute(VfioUserMessage request, long position, int[] fds, long nowNs) {
    counters.count(Counter.REQUESTS);
    Refusal refusal = RequestChecks.check(request, fds.length, dataBytesMax);
    if (refusal != Refusal.NONE) {
      return refuse(request, refusal);
    }
    return switch (request.command()) {
      case Wire.DMA_MAP -> map(request, fds);
      case Wire.DMA_UNMAP -> unmap(request, nowNs);
      case Wire.DEVICE_GET_INFO -> {
        info.device(request);
        yield Outcome.DONE;
      }
      case Wire.DEVICE_GET_REGION_INFO -> done(request, info.region(request));
      case Wire.DEVICE_GET_REGION_IO_FDS -> done(request, info.ioFds(request));
      case Wire.DEVICE_GET_IRQ_INFO -> done(request, info.irq(request));
      case Wire.DEVICE_SET_IRQS -> answered(request, irqs.set(request, fds));
      case Wire.REGION_READ -> read(request);
      case Wire.REGION_WRITE -> write(request, position);
      case Wire.REGION_WRITE_MULTI -> writeMulti(request, position);
      case Wire.DEVICE_RESET -> reset(request);
      // VERSION was agreed on already.
      default -> refuse(request, Refusal.ORDER);
    };
  }

  /** The function takes writes again. */
  void onRoom() {
    if (isAccess(command) && requests.isPending()) {
      access.resume();
    }
    requests.work();
  }

  /** The pending request's time is over. */
  void giveUp() {
    counters.count(Counter.OVERDUE);
    switch (command) {
      case Wire.DMA_UNMAP -> {
        abandon();
        finishUnmap();
      }
      case Wire.DEVICE_RESET -> finishReset();
      default -> {
        access.giveUp();
        onAccessDone();
      }
    }
  }

  /** A request that waits behind a write which the function does not take. */
  Overdue overdue(VfioUserMessage request) {
    boolean read = request.command() == Wire.REGION_READ;
    if (!isAccess(request.command())
        || RequestChecks.check(request, 0, dataBytesMax) != Refusal.NONE) {
      return Overdue.EXECUTE;
    }
    if (request.noReply() && !read) {
      return Overdue.KEPT;
    }
    counters.count(Counter.OVERDUE);
    if (read) {
      answerAllOnes(request);
      return Overdue.ANSWERED;
    }
    replies.echo(request, structBytes(request.command()));
    long flagsAt = request.payloadAt() - Wire.HEADER_BYTES + Wire.FLAGS_AT;
    request.segment().set(VfioUserMessage.U32, flagsAt, request.flags() | Wire.FLAG_NO_REPLY);
    return Overdue.KEPT;
  }

  /** A DMA message was answered, or given up: an unmap may have waited for it. */
  void onDmaProgress(long nowNs, long unmapWaitNs) {
    if (!requests.isPending() || command != Wire.DMA_UNMAP) {
      return;
    }
    if (nowNs - unmapSinceNs >= unmapWaitNs) {
      abandon();
    }
    if (requests.isPending() && !unmapWaits()) {
      finishUnmap();
    }
  }

  @Override
  public void done(long cookie) {
    if (requests.isPending() && command == Wire.DEVICE_RESET && cookie == resetSerial) {
      finishReset();
    }
  }

  /** The session has ended. */
  void close() {
    access.giveUp();
    resetSerial++;
  }

  private Outcome map(VfioUserMessage request, int[] fds) {
    counters.count(Counter.DMA_MAPS);
    return answered(request, dma.map(request, fds.length == 0 ? -1 : fds[0]));
  }

  private Outcome unmap(VfioUserMessage request, long nowNs) {
    counters.count(Counter.DMA_UNMAPS);
    remember(request);
    unmapAt = request.u64(Wire.UNMAP_ADDRESS_AT);
    unmapBytes = request.u64(Wire.UNMAP_SIZE_AT);
    unmapSinceNs = nowNs;
    if (request.u32(Wire.ARG_FLAGS_AT) == Wire.UNMAP_ALL) {
      dma.unmapAll();
      unmapBytes = ALL;
    } else {
      Refusal refusal = dma.unmap(unmapAt, unmapBytes);
      if (refusal != Refusal.NONE) {
        return refuse(request, refusal);
      }
    }
    if (unmapWaits()) {
      return Outcome.PENDING;
    }
    replies.echo(request, Wire.UNMAP_BYTES);
    return Outcome.DONE;
  }

  private Outcome read(VfioUserMessage request) {
    Refusal refusal = range(request, 0);
    if (refusal != Refusal.NONE) {
      return refuse(request, refusal);
    }
    counters.count(Counter.REGION_READS);
    pollDoorbells();
    remember(request);
    access.read(
        request.u32(Wire.ACCESS_REGION_AT),
        request.u64(Wire.ACCESS_OFFSET_AT),
        request.u32(Wire.ACCESS_COUNT_AT));
    return Outcome.PENDING;
  }

  private Outcome write(VfioUserMessage request, long position) {
    Refusal refusal = range(request, 0);
    if (refusal != Refusal.NONE) {
      return refuse(request, refusal);
    }
    if (!function.hasRoom()) {
      return Outcome.WAIT;
    }
    counters.count(Counter.REGION_WRITES);
    pollDoorbells();
    remember(request);
    access.write(
        request.u32(Wire.ACCESS_REGION_AT),
        request.u64(Wire.ACCESS_OFFSET_AT),
        request.u32(Wire.ACCESS_COUNT_AT),
        position + Wire.HEADER_BYTES + Wire.ACCESS_BYTES);
    return Outcome.PENDING;
  }

  private Outcome writeMulti(VfioUserMessage request, long position) {
    int writes = (int) request.u64(0);
    for (int i = 0; i < writes; i++) {
      Refusal refusal = range(request, Wire.MULTI_BYTES + (long) i * Wire.MULTI_ENTRY_BYTES);
      if (refusal != Refusal.NONE) {
        return refuse(request, refusal);
      }
    }
    if (!function.hasRoom()) {
      return Outcome.WAIT;
    }
    counters.add(Counter.REGION_WRITES, writes);
    pollDoorbells();
    remember(request);
    access.writeMulti(position + Wire.HEADER_BYTES + Wire.MULTI_BYTES, writes);
    return Outcome.PENDING;
  }

  private Outcome reset(VfioUserMessage request) {
    remember(request);
    function.reset(this, ++resetSerial);
    return Outcome.PENDING;
  }

  private Refusal range(VfioUserMessage request, long at) {
    int region = request.u32(at + Wire.ACCESS_REGION_AT);
    if (!InfoReplies.isRegion(region)) {
      return Refusal.INDEX;
    }
    long offset = request.u64(at + Wire.ACCESS_OFFSET_AT);
    long count = request.u32(at + Wire.ACCESS_COUNT_AT);
    boolean inside = offset >= 0 && offset <= function.region(region).sizeBytes() - count;
    return inside ? Refusal.NONE : Refusal.RANGE;
  }

  private void onAccessDone() {
    if (command == Wire.REGION_READ) {
      int count = access.bytes();
      if (!noReply) {
        long at = outbox.append(id, command, Wire.TYPE_REPLY, 0, Wire.ACCESS_BYTES + count);
        MemorySegment to = outbox.segment();
        putAccess(to, at);
        MemorySegment.copy(access.data(), 0, to, at + Wire.ACCESS_BYTES, count);
      }
    } else if (command == Wire.REGION_WRITE) {
      long at = replies.begin(id, command, noReply, Wire.ACCESS_BYTES);
      putAccess(replies.segment(), at);
    } else {
      long at = replies.begin(id, command, noReply, Wire.MULTI_BYTES);
      replies.segment().set(VfioUserMessage.U64, at, multiWrites);
    }
    requests.complete();
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

  private boolean unmapWaits() {
    return unmapBytes == ALL ? !messaged.isIdle() : messaged.touches(unmapAt, unmapBytes);
  }

  private void abandon() {
    if (unmapBytes == ALL) {
      messaged.abandonAll();
    } else {
      messaged.abandon(unmapAt, unmapBytes);
    }
  }

  private void finishUnmap() {
    long at = replies.begin(id, command, noReply, Wire.UNMAP_BYTES);
    boolean all = unmapBytes == ALL;
    MemorySegment to = replies.segment();
    to.set(VfioUserMessage.U32, at + Wire.ARGSZ_AT, Wire.UNMAP_BYTES);
    to.set(VfioUserMessage.U32, at + Wire.ARG_FLAGS_AT, all ? Wire.UNMAP_ALL : 0);
    to.set(VfioUserMessage.U64, at + Wire.UNMAP_ADDRESS_AT, unmapAt);
    to.set(VfioUserMessage.U64, at + Wire.UNMAP_SIZE_AT, all ? 0 : unmapBytes);
    requests.complete();
  }

  private void finishReset() {
    resetSerial++;
    replies.begin(id, command, noReply, 0);
    requests.complete();
  }

  private void remember(VfioUserMessage request) {
    id = request.id();
    command = request.command();
    noReply = request.noReply();
    multiWrites = command == Wire.REGION_WRITE_MULTI ? request.u64(0) : 0;
  }

  /** Doorbells written before an access are seen before it. */
  private void pollDoorbells() {
    if (doorbells != null) {
      doorbells.poll(0);
    }
  }

  private Outcome done(VfioUserMessage request, Refusal refusal) {
    return refusal == Refusal.NONE ? Outcome.DONE : refuse(request, refusal);
  }

  private Outcome answered(VfioUserMessage request, Refusal refusal) {
    if (refusal == Refusal.NONE) {
      replies.ok(request);
    }
    return done(request, refusal);
  }

  private Outcome refuse(VfioUserMessage request, Refusal refusal) {
    counters.count(Counter.REFUSALS);
    replies.refuse(request, refusal.errno());
    return Outcome.DONE;
  }

  private static boolean isAccess(int command) {
    return command == Wire.REGION_READ
        || command == Wire.REGION_WRITE
        || command == Wire.REGION_WRITE_MULTI;
  }

  private static int structBytes(int command) {
    return command == Wire.REGION_WRITE_MULTI ? Wire.MULTI_BYTES : Wire.ACCESS_BYTES;
  }
}
