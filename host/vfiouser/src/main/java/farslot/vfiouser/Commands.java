package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.vfiouser.Requests.Outcome;
import farslot.vfiouser.Requests.Overdue;
import farslot.vfiouser.VfioUserCounters.Counter;
import farslot.vfiouser.wire.Inbox;
import farslot.vfiouser.wire.Outbox;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;

/**
 * Carries out the requests of a client that has agreed on a version, one at a time, and answers
 * them.
 */
final class Commands implements LocalFunction.WriteDone {
  private final LocalFunction function;
  private final Replies replies;
  private final Requests requests;
  private final VfioUserCounters counters;
  private final AccessCommands accesses;
  private final IrqCommands irqs;
  private final InfoReplies info;
  private final DmaCommands dma;
  private final PendingUnmap unmap;

  /** Null when MSI-X is the client's affair. */
  private final MsixRelay relay;

  private final int dataBytesMax;

  /** Command, id and wish of the request that is pending. */
  private int command;

  private int id;
  private boolean noReply;

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
      ConfigFilter filter,
      MsixRelay relay) {}

  Commands(Parts parts, int dataBytesMax) {
    function = parts.function;
    replies = parts.replies;
    requests = parts.requests;
    counters = parts.counters;
    irqs = parts.irqs;
    dma = parts.dma;
    relay = parts.relay;
    this.dataBytesMax = dataBytesMax;
    accesses = new AccessCommands(parts);
    unmap = new PendingUnmap(parts.messaged);
    info = new InfoReplies(function, irqs, replies, parts.doorbells);
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
      case Wire.REGION_READ, Wire.REGION_WRITE, Wire.REGION_WRITE_MULTI ->
          access(request, position);
      case Wire.DEVICE_RESET -> reset(request);
      // VERSION was agreed on already.
      default -> refuse(request, Refusal.ORDER);
    };
  }

  /** The function takes writes again. */
  void onRoom() {
    if (requests.isPending() && AccessCommands.isAccess(command)) {
      accesses.resume();
    }
    requests.work();
  }

  /** The pending request's time is over. */
  void giveUp() {
    counters.count(Counter.OVERDUE);
    switch (command) {
      case Wire.DMA_UNMAP -> {
        unmap.abandon();
        finishUnmap();
      }
      case Wire.DEVICE_RESET -> finishReset();
      default -> accesses.giveUp();
    }
  }

  /** A request that waits behind a write which the function does not take. */
  Overdue overdue(VfioUserMessage request) {
    boolean sound =
        AccessCommands.isAccess(request.command())
            && RequestChecks.check(request, 0, dataBytesMax) == Refusal.NONE
            && accesses.check(request) == Refusal.NONE;
    return sound ? accesses.overdue(request) : Overdue.EXECUTE;
  }

  /** A DMA message was answered, or time went by: an unmap may wait for it. */
  void onDmaProgress(long nowNs, long unmapWaitNs) {
    if (!requests.isPending() || command != Wire.DMA_UNMAP) {
      return;
    }
    if (unmap.ageNs(nowNs) >= unmapWaitNs) {
      unmap.abandon();
    }
    // Whoever was abandoned may have brought the end of the session, and of the request, about.
    if (requests.isPending() && !unmap.waits()) {
      finishUnmap();
    }
  }

  /** The card has been reset. */
  @Override
  public void done(long cookie) {
    if (requests.isPending() && command == Wire.DEVICE_RESET && cookie == resetSerial) {
      finishReset();
    }
  }

  /** The session has ended. */
  void close() {
    accesses.close();
    resetSerial++;
  }

  private Outcome map(VfioUserMessage request, int[] fds) {
    counters.count(Counter.DMA_MAPS);
    return answered(request, dma.map(request, fds.length == 0 ? -1 : fds[0]));
  }

  private Outcome unmap(VfioUserMessage request, long nowNs) {
    counters.count(Counter.DMA_UNMAPS);
    unmap.begin(request, nowNs);
    if (unmap.all()) {
      dma.unmapAll();
    } else {
      Refusal refusal = dma.unmap(unmap.iova(), unmap.bytes());
      if (refusal != Refusal.NONE) {
        return refuse(request, refusal);
      }
    }
    remember(request);
    if (unmap.waits()) {
      return Outcome.PENDING;
    }
    replies.echo(request, Wire.UNMAP_BYTES);
    return Outcome.DONE;
  }

  private Outcome access(VfioUserMessage request, long position) {
    Refusal refusal = accesses.check(request);
    if (refusal != Refusal.NONE) {
      return refuse(request, refusal);
    }
    remember(request);
    return accesses.begin(request, position);
  }

  private Outcome reset(VfioUserMessage request) {
    remember(request);
    // QEMU resets a device when it has set it up, before its guest runs.
    function.settingUp(false);
    if (relay != null) {
      relay.reset();
    }
    function.reset(this, ++resetSerial);
    return Outcome.PENDING;
  }

  private void finishUnmap() {
    long at = replies.begin(id, command, noReply, Wire.UNMAP_BYTES);
    unmap.put(replies.segment(), at);
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
}
