package farslot.cards.nettlp;

import static farslot.cards.nettlp.NetTlpSpec.PAYLOAD_BYTES_MAX;
import static farslot.pcie.nettlp.NetTlpFormat.*;

import farslot.function.Agent;
import farslot.function.TlpPort;
import farslot.pcie.BigEndian;
import farslot.pcie.CompletionStatus;
import farslot.pcie.LittleEndian;
import farslot.pcie.Split;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;

/**
 * What the server wants of BAR 4, passed on to the program, and the program's completions. A read
 * gets a tag of ours, since the tag says the port; it is answered with UR when the program does not
 * answer it in time, so that the server never waits for a program that is not there.
 */
final class GuestRequests {
  /** Reads that wait at most: one for each tag that a server can have. */
  static final int READS_MAX = 1024;

  /** Last and First DW BE in a request's header (2.2.5). */
  private static final int BYTE_ENABLES = 7;

  private final Outbox outbox;
  private final Agent agent;
  private final TlpPort server;
  private final NetTlpCounters counters;
  private final long answerTimeoutNs;
  private final Agent.Timer timer;
  private final GuestRead[] byTag = new GuestRead[PORTS_OF_DEVICE];

  /** Free tags. The one that was given back last is taken last: what comes late finds nothing. */
  private final int[] freeTags;

  private int freeHead;
  private int freeCount;
  private GuestRead pool;
  private int made;
  private GuestRead waitingFirst;
  private GuestRead waitingLast;
  private boolean timing;

  /**
   * @param ports of the sixteen for the host's requests, how many to use: a power of two. One keeps
   *     all requests in order; with more, reads and writes reach the program's threads side by side
   */
  GuestRequests(
      Outbox outbox,
      Agent agent,
      TlpPort server,
      NetTlpCounters counters,
      int ports,
      long answerTimeoutNs) {
    this.outbox = outbox;
    this.agent = agent;
    this.server = server;
    this.counters = counters;
    this.answerTimeoutNs = answerTimeoutNs;
    timer = agent.timer(this::onTimer);
    freeTags = new int[PORTS_OF_DEVICE / PORTS_OF_HOST * ports];
    for (int tag = 0; tag < PORTS_OF_DEVICE; tag++) {
      if ((tag & PORT_OF_HOST_MASK) < ports) {
        freeTags[freeCount++] = tag;
      }
    }
  }

  void onRequest(TlpView request) {
    if (TlpType.isMemoryWrite(request.fmtType())) {
      write(request);
    } else {
      read(request);
    }
  }

  // Writes

  private void write(TlpView request) {
    int bytes = request.enabledBytes();
    if (bytes == 0) {
      return; // No byte enabled: permitted, and does nothing (2.2.5).
    }
    counters.add(NetTlpEvent.SERVER_WRITES);
    if (!request.contiguous()) {
      writeWithHoles(request);
      return;
    }
    long address = request.firstByteAddress();
    long from = request.dataOffset() + (address & 3);
    for (int sent = 0; sent < bytes; ) {
      int piece = Split.pieceBytes(address + sent, bytes - sent, PAYLOAD_BYTES_MAX);
      writePiece(request, address + sent, from + sent, piece);
      sent += piece;
    }
  }

  private void writePiece(TlpView request, long address, long from, int bytes) {
    MemorySegment to = outbox.segment();
    int header = TlpEncoder.memoryWrite(to, Outbox.TLP, request.requesterId(), address, bytes);
    int dataBytes = TlpEncoder.dataBytes(address, bytes);
    long data = Outbox.TLP + header;
    LittleEndian.i32(to, data, 0);
    LittleEndian.i32(to, data + dataBytes - 4, 0);
    MemorySegment.copy(request.segment(), from, to, data + (address & 3), bytes);
    outbox.sendTlp(PORT_OF_HOST, header + dataBytes);
  }

  /** At most two DWs, with byte enables that are no run. */
  private void writeWithHoles(TlpView request) {
    MemorySegment to = outbox.segment();
    int bytes = request.dataBytes();
    int header =
        TlpEncoder.memoryWrite(to, Outbox.TLP, request.requesterId(), request.address(), bytes);
    BigEndian.u8(to, Outbox.TLP + BYTE_ENABLES, request.lastBe() << 4 | request.firstBe());
    MemorySegment.copy(request.segment(), request.dataOffset(), to, Outbox.TLP + header, bytes);
    outbox.sendTlp(PORT_OF_HOST, header + bytes);
  }

  // Reads

  private void read(TlpView request) {
    counters.add(NetTlpEvent.SERVER_READS);
    GuestRead read = take();
    if (read == null) {
      counters.add(NetTlpEvent.SERVER_READS_TOO_MANY);
      server.refuse(request, CompletionStatus.UR);
      return;
    }
    read.begin(request, agent.nowNs() + answerTimeoutNs);
    if (waitingLast == null) {
      waitingFirst = read;
    } else {
      waitingLast.next = read;
    }
    waitingLast = read;
    if (!timing) {
      timing = true;
      timer.arm(answerTimeoutNs);
    }
    issueWaiting();
  }

  private GuestRead take() {
    GuestRead read = pool;
    if (read != null) {
      pool = read.next;
      return read;
    }
    return made == READS_MAX ? null : make();
  }

  private GuestRead make() {
    made++;
    return new GuestRead();
  }

  private void issueWaiting() {
    while (waitingFirst != null && freeCount > 0) {
      GuestRead read = waitingFirst;
      removeWaiting();
      read.tag = freeTags[freeHead];
      freeHead = (freeHead + 1) % freeTags.length;
      freeCount--;
      byTag[read.tag] = read;
      issue(read);
    }
  }

  private void removeWaiting() {
    waitingFirst = waitingFirst.next;
    if (waitingFirst == null) {
      waitingLast = null;
    }
  }

  /** Asks for the next piece. */
  private void issue(GuestRead read) {
    MemorySegment to = outbox.segment();
    int requester = read.request.requesterId();
    int header;
    if (read.request.contiguous()) {
      long address = read.address + read.received;
      int left = read.bytes - read.received;
      int piece = left == 0 ? 0 : Split.pieceBytes(address, left, PAYLOAD_BYTES_MAX);
      read.pieceEnd = read.received + piece;
      header = TlpEncoder.memoryRead(to, Outbox.TLP, requester, read.tag, address, piece);
    } else {
      int bytes = 4 * read.request.lengthDw();
      long address = read.request.address();
      read.pieceEnd = read.bytes;
      header = TlpEncoder.memoryRead(to, Outbox.TLP, requester, read.tag, address, bytes);
      int enables = read.request.lastBe() << 4 | read.request.firstBe();
      BigEndian.u8(to, Outbox.TLP + BYTE_ENABLES, enables);
    }
    outbox.sendTlp(portOfHost(read.tag), header);
  }

  // Completions

  /** A Cpl or CplD of the program. */
  void onCompletion(int port, TlpView completion) {
    int tag = completion.tag();
    GuestRead read = tag < byTag.length ? byTag[tag] : null;
    if (portOfHost(tag) != port) {
      counters.add(NetTlpEvent.BAD_PORT);
    } else if (read == null || read.request.requesterId() != completion.requesterId()) {
      counters.add(NetTlpEvent.BAD_UNEXPECTED_COMPLETION);
    } else if (completion.statusCode() != CompletionStatus.SC.code()) {
      boolean aborted = completion.statusCode() == CompletionStatus.CA.code();
      counters.add(NetTlpEvent.SERVER_READS_REFUSED);
      refuse(read, aborted ? CompletionStatus.CA : CompletionStatus.UR);
    } else if (completion.poisoned()) {
      counters.add(NetTlpEvent.SERVER_READS_REFUSED);
      refuse(read, CompletionStatus.UR);
    } else if (!receive(read, completion)) {
      counters.add(NetTlpEvent.BAD_WRONG_COMPLETION);
    }
  }

  /** Takes data over; false when it is not what is waited for. */
  private boolean receive(GuestRead read, TlpView completion) {
    int bytes = completion.completedBytes();
    if (bytes == 0) {
      return false;
    }
    if (read.bytes == 0) {
      // A zero-length read: that it is answered is the answer. Programs differ in its Byte Count.
      read.data().fill((byte) 0);
      complete(read);
      return true;
    }
    boolean next =
        completion.byteCount() == read.pieceEnd - read.received
            && completion.lowerAddress() == (int) (read.address + read.received & 0x7F);
    if (!next) {
      return false;
    }
    long from = completion.dataOffset() + (completion.lowerAddress() & 3);
    MemorySegment.copy(completion.segment(), from, read.data(), read.received, bytes);
    read.received += bytes;
    if (read.received == read.bytes) {
      complete(read);
    } else if (read.received == read.pieceEnd) {
      issue(read);
    }
    return true;
  }

  private void complete(GuestRead read) {
    server.complete(read.request, read.data(), 0);
    release(read);
    issueWaiting();
  }

  private void refuse(GuestRead read, CompletionStatus status) {
    server.refuse(read.request, status);
    release(read);
    issueWaiting();
  }

  private void release(GuestRead read) {
    if (read.tag >= 0) {
      byTag[read.tag] = null;
      freeTags[(freeHead + freeCount) % freeTags.length] = read.tag;
      freeCount++;
    }
    read.next = pool;
    pool = read;
  }

  // When nobody answers

  private void onTimer() {
    timing = false;
    long nowNs = agent.nowNs();
    while (waitingFirst != null && waitingFirst.deadlineNs <= nowNs) {
      GuestRead read = waitingFirst;
      removeWaiting();
      counters.add(NetTlpEvent.SERVER_READS_TIMED_OUT);
      refuse(read, CompletionStatus.UR);
    }
    for (GuestRead read : byTag) {
      if (read != null && read.deadlineNs <= nowNs) {
        counters.add(NetTlpEvent.SERVER_READS_TIMED_OUT);
        refuse(read, CompletionStatus.UR);
      }
    }
    armAgain(nowNs);
  }

  private void armAgain(long nowNs) {
    long earliestNs = waitingFirst == null ? Long.MAX_VALUE : waitingFirst.deadlineNs;
    for (GuestRead read : byTag) {
      earliestNs = read == null ? earliestNs : Math.min(earliestNs, read.deadlineNs);
    }
    if (earliestNs != Long.MAX_VALUE) {
      timing = true;
      timer.arm(Math.max(1, earliestNs - nowNs));
    }
  }

  /** Nobody listens there: what was asked there is not going to be answered. */
  void onNobody(int port) {
    for (GuestRead read : byTag) {
      if (read != null && portOfHost(read.tag) == port) {
        counters.add(NetTlpEvent.SERVER_READS_NOBODY);
        refuse(read, CompletionStatus.UR);
      }
    }
  }

  /** Forgets what waits: the server has forgotten it, too. */
  void reset() {
    while (waitingFirst != null) {
      GuestRead read = waitingFirst;
      removeWaiting();
      release(read);
    }
    for (GuestRead read : byTag) {
      if (read != null) {
        release(read);
      }
    }
    timing = false;
    timer.cancel();
  }
}
