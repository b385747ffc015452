package farslot.function.endpoint;

import farslot.function.Agent;
import farslot.function.AtomicOp;
import farslot.function.Dma;
import farslot.function.Turn;
import farslot.pcie.CompletionFit;
import farslot.pcie.CompletionStatus;
import farslot.pcie.Split;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The requester half of a function: cuts transfers into MRd and MWr and puts completions together.
 * Allocates only until its pools have grown to what the card uses.
 */
final class DmaEngine implements Dma {
  /** Reads that a card may have queued; more is a mistake in the card. */
  static final int TRANSFERS_MAX = 1 << 16;

  /** The smaller of a root complex's two, which accepts both (2.3.1.1). */
  private static final int RCB_BYTES = 64;

  /** No request crosses such a boundary (2.2.7), and nothing that is pushed does. */
  private static final int PAGE_BYTES = 4096;

  private final Agent agent;
  private final EndpointCounters counters;
  private final EndpointOptions options;
  private final Upstream upstream;
  private final PushedBytes pushed;
  private final ErrorReporter errors;
  private final ReadRequests requests;
  private final WriteRequests writes;
  private final TransferQueue toIssue = new TransferQueue();

  /** Transfers that have ended inside the card's own call; it hears of them later. */
  private TransferQueue toReport = new TransferQueue();

  /** Those of them that are being reported. */
  private TransferQueue reporting = new TransferQueue();

  private final List<Runnable> roomTasks = new ArrayList<>();
  private final Agent.Timer timeoutTimer;
  private final Turn reports;
  private final TransferPool pool = new TransferPool(TRANSFERS_MAX);
  private boolean timerArmed;
  private boolean roomWanted;

  // What configuration space says, taken over by configure.
  private boolean enabled;

  private boolean atomics;
  private int requesterId;
  private int readBytesMax;
  private long timeoutNs;

  DmaEngine(
      Agent agent,
      EndpointCounters counters,
      EndpointOptions options,
      Upstream upstream,
      PushedBytes pushed,
      ErrorReporter errors) {
    this.agent = agent;
    this.counters = counters;
    this.options = options;
    this.upstream = upstream;
    this.pushed = pushed;
    this.errors = errors;
    requests = new ReadRequests(options.readsInFlightMax());
    writes = new WriteRequests(upstream, counters);
    reports = new Turn(agent, this::report);
    timeoutTimer = agent.timer(this::onTimer);
  }

  /** Takes over what software has configured. */
  void configure(PciExpressCapability pcie, int newRequesterId, boolean busMaster) {
    requesterId = newRequesterId;
    writes.configure(newRequesterId, pcie.maxPayloadBytes());
    readBytesMax = pcie.maxReadRequestBytes();
    timeoutNs = pcie.completionTimeoutNs(options.completionTimeoutNs());
    // 2.2.6.2: a 10-bit tag has T9:T8 other than 00, so that 8-bit ones are told apart.
    if (pcie.tenBitTagRequester.isSet()) {
      requests.tagRange(256, 768);
    } else {
      requests.tagRange(0, pcie.extendedTag.isSet() ? 256 : 32);
    }
    enabled = busMaster;
    atomics = pcie.atomicOpRequester.isSet();
    upstream.dropWrites(!enabled);
    if (!enabled) {
      refuseQueued();
    }
  }

  @Override
  public void read(long address, MemorySegment to, long offset, int bytes, Done done, long cookie) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a DMA read of " + bytes + " bytes");
    }
    ReadTransfer transfer = pool.take(address, to, offset, bytes, done, cookie);
    transfer.barrier = upstream.barrier();
    if (!enabled) {
      refuse(transfer);
    } else if (takePushed(transfer)) {
      reportLater(transfer);
    } else {
      toIssue.add(transfer);
      issue();
    }
  }

  @Override
  public void atomic(
      AtomicOp op, long address, MemorySegment to, long offset, int bytes, Done done, long cookie) {
    if (bytes != 4 && bytes != 8 || address % bytes != 0) {
      throw new IllegalArgumentException("an AtomicOp of %d at %#x".formatted(bytes, address));
    }
    ReadTransfer transfer = pool.take(address, to, offset, bytes, done, cookie);
    transfer.barrier = upstream.barrier();
    transfer.atomic = op.type32();
    if (enabled && atomics) {
      toIssue.add(transfer);
      issue();
    } else {
      refuse(transfer);
    }
  }

  @Override
  public boolean isPushed(long address, int bytes) {
    return enabled && pushed.has(address, bytes);
  }

  @Override
  public void copyPushed(long address, MemorySegment to, long offset, int bytes) {
    int copied = 0;
    while (copied < bytes) {
      int part = Split.pieceBytes(address + copied, bytes - copied, PAGE_BYTES);
      pushed.copy(address + copied, to, offset + copied, part);
      copied += part;
    }
    counters.add(EndpointCounter.DMA_READ_BYTES, bytes);
  }

  @Override
  public void dropPushed(long address, int bytes) {
    pushed.remove(address, bytes);
  }

  /**
   * Answers as much of the beginning as has been pushed, page by page. It does not wait its turn
   * for that: reads may complete in any order, and it sees the card's own writes, for those void
   * what was pushed of them.
   *
   * @return whether nothing of it remains to be asked for
   */
  private boolean takePushed(ReadTransfer transfer) {
    while (!pushed.isEmpty() && !transfer.allIssued() && transfer.atomic == 0) {
      long address = transfer.address + transfer.issued;
      int bytes = Split.pieceBytes(address, transfer.bytes - transfer.issued, PAGE_BYTES);
      if (!pushed.take(address, transfer.to, transfer.offset + transfer.issued, bytes)) {
        return false;
      }
      transfer.issued += bytes;
      counters.add(EndpointCounter.DMA_READ_BYTES, bytes);
    }
    return transfer.allIssued();
  }

  @Override
  public void write(long address, MemorySegment from, long offset, int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a DMA write of " + bytes + " bytes");
    }
    if (!enabled) {
      counters.add(EndpointCounter.BUS_MASTER_OFF_DROPS);
      return;
    }
    writes.write(address, from, offset, bytes);
  }

  @Override
  public boolean hasRoom() {
    boolean room = upstream.hasRoom();
    roomWanted |= !room;
    return room;
  }

  @Override
  public void onRoom(Runnable task) {
    roomTasks.add(task);
  }

  /** The link, or a reset, has made room. */
  void roomMayHaveReturned() {
    issue();
    if (roomWanted && upstream.hasRoom()) {
      roomWanted = false;
      for (int i = 0; i < roomTasks.size(); i++) {
        roomTasks.get(i).run();
      }
    }
  }

  /** Whether reads wait for completions: Transactions Pending. */
  boolean transactionsPending() {
    return !requests.isEmpty();
  }

  /** Whether nothing was asked for that has not been reported, or may still be answered. */
  boolean isQuiet() {
    return requests.isEmpty() && toIssue.isEmpty() && toReport.isEmpty() && reporting.isEmpty();
  }

  /** FLR: nobody waits any more, but completions of what was sent will still come. */
  void abandon() {
    abandonTransfers();
    requests.deadline(agent.nowNs() + options.completionTimeoutNs());
    armTimer();
  }

  /** Hot Reset, or another server: both ends forget. */
  void forget() {
    abandonTransfers();
    while (requests.oldest() != null) {
      requests.end(requests.oldest());
    }
    timeoutTimer.cancel();
    timerArmed = false;
  }

  private void abandonTransfers() {
    while (!toIssue.isEmpty()) {
      ReadTransfer transfer = toIssue.remove();
      if (transfer.outstanding == 0) {
        pool.give(transfer);
      }
    }
    pool.giveAll(toReport);
    pool.giveAll(reporting);
    for (ReadRequest each = requests.oldest(); each != null; each = each.younger) {
      if (each.transfer != null && --each.transfer.outstanding == 0) {
        pool.give(each.transfer);
      }
      each.transfer = null;
    }
  }

  /** Sends MRd of the transfers in turn, as long as there are tags and room. */
  private void issue() {
    while (!toIssue.isEmpty()) {
      ReadTransfer transfer = toIssue.peek();
      if (!takePushed(transfer)) {
        if (!requests.canBegin() || !issueNext(transfer)) {
          return;
        }
      } else if (transfer.outstanding == 0) {
        toIssue.remove();
        reportLater(transfer);
        continue;
      }
      if (transfer.allIssued()) {
        toIssue.remove();
      }
    }
  }

  private boolean issueNext(ReadTransfer transfer) {
    return transfer.atomic == 0 ? issueRead(transfer) : issueAtomic(transfer);
  }

  private boolean issueRead(ReadTransfer transfer) {
    long address = transfer.address + transfer.issued;
    int bytes = Split.pieceBytes(address, transfer.bytes - transfer.issued, readBytesMax);
    long at = upstream.claimNonPosted(TlpEncoder.memoryHeaderBytes(address), 0, transfer.barrier);
    if (at < 0) {
      return false;
    }
    ReadRequest request = begin(transfer, address, bytes);
    TlpEncoder.memoryRead(upstream.segment(), at, requesterId, request.tag, address, bytes);
    upstream.commit();
    counters.add(EndpointCounter.DMA_READS);
    pushed.missed();
    return true;
  }

  private boolean issueAtomic(ReadTransfer transfer) {
    long address = transfer.address;
    int bytes = transfer.bytes;
    int operands = TlpType.isCas(transfer.atomic) ? 2 * bytes : bytes;
    int header = TlpEncoder.memoryHeaderBytes(address);
    long at = upstream.claimNonPosted(header + operands, operands, transfer.barrier);
    if (at < 0) {
      return false;
    }
    // Software may answer to it as to a write, and what was pushed of it is void.
    pushed.answered();
    pushed.overwritten(address, bytes);
    ReadRequest request = begin(transfer, 0, bytes); // 2.2.9: its answer's Lower Address is 0.
    MemorySegment to = upstream.segment();
    TlpEncoder.atomic(to, at, transfer.atomic, requesterId, request.tag, address, bytes);
    MemorySegment.copy(transfer.to, transfer.offset, to, at + header, operands);
    upstream.commit();
    counters.add(EndpointCounter.ATOMIC_OPS);
    return true;
  }

  /** A request for the next bytes of a transfer. */
  private ReadRequest begin(ReadTransfer transfer, long address, int bytes) {
    ReadRequest request = requests.begin(agent.nowNs() + timeoutNs);
    request.transfer = transfer;
    request.requesterId = requesterId;
    request.address = address;
    request.at = transfer.issued;
    request.bytes = bytes;
    transfer.issued += bytes;
    transfer.outstanding++;
    armTimer();
    return request;
  }

  /** A completion has arrived. */
  void onCompletion(TlpView tlp) {
    ReadRequest request = requests.find(tlp.tag());
    if (request == null || request.requesterId != tlp.requesterId()) {
      unexpected(tlp);
      return;
    }
    CompletionStatus status = CompletionStatus.of(tlp.statusCode());
    if (status != CompletionStatus.SC) {
      failed(request, status);
    } else if (fits(request, tlp)) {
      take(request, tlp);
    } else {
      unexpected(tlp);
    }
  }

  /** 2.3.2: only the next bytes of what was asked for are an answer to it. */
  private static boolean fits(ReadRequest request, TlpView tlp) {
    return tlp.dataBytes() > 0
        && CompletionFit.of(tlp, request.nextAddress(), request.left(), RCB_BYTES).fits();
  }

  private void unexpected(TlpView tlp) {
    counters.add(EndpointCounter.UNEXPECTED_COMPLETIONS);
    errors.report(UncorrectableError.UNEXPECTED_COMPLETION, true, tlp);
  }

  private void take(ReadRequest request, TlpView tlp) {
    int bytes = tlp.completedBytes();
    ReadTransfer transfer = request.transfer;
    if (transfer == null) {
      counters.add(EndpointCounter.ABANDONED_COMPLETIONS);
    } else if (tlp.poisoned()) {
      errors.poisonedCompletion(tlp);
      transfer.status = CompletionStatus.CA;
    } else {
      MemorySegment.copy(
          tlp.segment(),
          tlp.dataOffset() + (tlp.lowerAddress() & 3),
          transfer.to,
          transfer.offset + request.at + request.received,
          bytes);
      counters.add(EndpointCounter.DMA_READ_BYTES, bytes);
    }
    if (transfer != null && transfer.atomic != 0) {
      pushed.overwritten(transfer.address, transfer.bytes); // Read before it was done, perhaps.
    }
    pushed.informed();
    request.received += bytes;
    if (request.received == request.bytes) {
      end(request);
    }
  }

  private void failed(ReadRequest request, CompletionStatus status) {
    // 2.3.2: RRS answers configuration requests only; here it is as good as UR.
    CompletionStatus meant =
        status == CompletionStatus.CA ? CompletionStatus.CA : CompletionStatus.UR;
    counters.add(EndpointCounter.DMA_READ_ERRORS);
    errors.requestRefused(meant);
    if (request.transfer != null) {
      request.transfer.status = meant;
    } else {
      counters.add(EndpointCounter.ABANDONED_COMPLETIONS);
    }
    end(request);
  }

  private void end(ReadRequest request) {
    ReadTransfer transfer = request.transfer;
    requests.end(request);
    if (transfer != null) {
      transfer.outstanding--;
      endIfComplete(transfer);
    }
    issue();
  }

  private void endIfComplete(ReadTransfer transfer) {
    if (transfer.outstanding > 0 || !transfer.allIssued()) {
      return;
    }
    if (transfer == toIssue.peek()) {
      toIssue.remove();
    }
    finish(transfer);
  }

  /** Reads that were queued when bus mastering went off. */
  private void refuseQueued() {
    while (!toIssue.isEmpty()) {
      ReadTransfer transfer = toIssue.remove();
      transfer.status = CompletionStatus.UR;
      if (transfer.outstanding == 0) {
        refuse(transfer);
      }
    }
  }

  /** Ends a transfer with UR. */
  private void refuse(ReadTransfer transfer) {
    counters.add(EndpointCounter.BUS_MASTER_OFF_READS);
    transfer.status = CompletionStatus.UR;
    reportLater(transfer);
  }

  /** Ends a transfer, but never from inside the card's call. */
  private void reportLater(ReadTransfer transfer) {
    toReport.add(transfer);
    reports.later();
  }

  private void report() {
    // Only what was there: a card that tries again and again must not keep the agent here.
    TransferQueue now = toReport;
    toReport = reporting;
    reporting = now;
    while (!now.isEmpty()) {
      finish(now.remove());
    }
  }

  private void finish(ReadTransfer transfer) {
    Done done = transfer.done;
    long cookie = transfer.cookie;
    CompletionStatus status = transfer.status;
    pool.give(transfer);
    done.done(cookie, status);
  }

  private void armTimer() {
    ReadRequest oldest = requests.oldest();
    if (!timerArmed && oldest != null) {
      timerArmed = true;
      timeoutTimer.arm(Math.max(1, oldest.deadlineNs - agent.nowNs()));
    }
  }

  private void onTimer() {
    timerArmed = false;
    long nowNs = agent.nowNs();
    ReadRequest oldest = requests.oldest();
    while (oldest != null && oldest.deadlineNs - nowNs <= 0) {
      expire(oldest, nowNs);
      oldest = requests.oldest();
    }
    armTimer();
  }

  private void expire(ReadRequest request, long nowNs) {
    ReadTransfer transfer = request.transfer;
    if (transfer == null) {
      requests.end(request);
      issue();
      return;
    }
    counters.add(EndpointCounter.COMPLETION_TIMEOUTS);
    errors.report(UncorrectableError.COMPLETION_TIMEOUT, false, null);
    requests.abandon(request, nowNs + options.completionTimeoutNs());
    transfer.status = CompletionStatus.UR;
    transfer.outstanding--;
    endIfComplete(transfer);
    issue();
  }
}
