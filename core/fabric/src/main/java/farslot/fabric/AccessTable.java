package farslot.fabric;

import farslot.function.Agent;
import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The non-posted half towards the card: accesses become requests, completions become answers, and
 * whoever does not answer by the deadline is answered for.
 */
final class AccessTable {
  /** Accesses outstanding at a time; a guest has one for each virtual CPU. */
  static final int COUNT_MAX = 256;

  /** How long to wait before a request that was answered RRS is made again (2.3.1.1). */
  private static final long RETRY_NS = 2_000_000;

  private static final MemorySegment ALL_ONES = allOnes();

  /** What the port has to do around accesses. */
  interface Owner {
    /** A guest's configuration write has been sent, or a part of it. */
    void onConfigSent(Access access);

    /** An access is over; what was read is in its data. Called before the guest is told. */
    void onFinishing(Access access);
  }

  private final Wire wire;
  private final PostedWrites posted;
  private final PortCounters counters;
  private final Agent agent;
  private final long deadlineNs;
  private final LocalCounts local;
  private final Owner owner;
  private final TagTable tags = new TagTable();
  private final Agent.Timer deadlineTimer;
  private final Agent.Timer retryTimer;
  private boolean deadlineArmed;

  private Access[] pool = new Access[0];
  private int pooled;
  private int made;
  private Access oldest;
  private Access newest;
  private final AccessQueue own = new AccessQueue();
  private final AccessQueue guests = new AccessQueue();
  private long serials;
  private boolean gated;
  private VirtualConfig config;

  AccessTable(
      Wire wire,
      PostedWrites posted,
      PortCounters counters,
      Agent agent,
      long deadlineNs,
      LocalCounts local,
      Owner owner) {
    this.local = local;
    this.wire = wire;
    this.posted = posted;
    this.counters = counters;
    this.agent = agent;
    this.deadlineNs = deadlineNs;
    this.owner = owner;
    this.deadlineTimer = agent.timer(this::onDeadline);
    this.retryTimer = agent.timer(this::onRetry);
  }

  private static MemorySegment allOnes() {
    byte[] ones = new byte[LocalFunction.ACCESS_BYTES_MAX];
    java.util.Arrays.fill(ones, (byte) -1);
    return MemorySegment.ofArray(ones).asReadOnly();
  }

  TagTable tags() {
    return tags;
  }

  void config(VirtualConfig virtual) {
    config = virtual;
  }

  /** While gated, guests' accesses wait (and their deadlines run); our own go. */
  void gate(boolean closed) {
    gated = closed;
  }

  /** Whether some access has not been sent yet, or not all of it. */
  boolean anyWaits() {
    return gated || !own.isEmpty() || !guests.isEmpty();
  }

  /** Whether one more access can be taken. */
  boolean hasRoom() {
    return pooled > 0 || made < COUNT_MAX;
  }

  /** Answers a read for a card that does not. */
  static void answerAllOnes(LocalFunction.ReadDone done, long cookie, int bytes) {
    done.done(cookie, ALL_ONES, 0, bytes);
  }

  /** An access to fill in and {@link #start}, or null when too many are outstanding. */
  Access take(Access.Kind kind, boolean guest, long address, int bytes) {
    if (pooled == 0 && made == COUNT_MAX) {
      counters.add(PortEvent.ACCESS_REFUSED);
      return null;
    }
    Access access = pooled == 0 ? make() : pool[--pooled];
    access.kind = kind;
    access.guest = guest;
    access.address = address;
    access.bytes = bytes;
    access.issued = 0;
    access.prepared = 0;
    access.unanswered = 0;
    access.failed = false;
    access.effect = Access.Effect.NONE;
    access.data(bytes);
    return access;
  }

  private Access make() {
    if (made == pool.length) {
      pool = java.util.Arrays.copyOf(pool, Math.max(8, 2 * pool.length));
    }
    made++;
    return new Access();
  }

  /** Begins an access. Its end is reported, perhaps from inside this call. */
  void start(Access access) {
    access.barrier = access.guest ? posted.barrier() : 0;
    access.serial = ++serials;
    link(access, agent.nowNs());
    (access.guest ? guests : own).add(access);
    if (!deadlineArmed) {
      deadlineArmed = true;
      deadlineTimer.arm(deadlineNs);
    }
    pump();
  }

  private void link(Access access, long nowNs) {
    access.deadlineNs = nowNs + deadlineNs;
    access.newer = null;
    access.older = newest;
    if (newest == null) {
      oldest = access;
    } else {
      newest.newer = access;
    }
    newest = access;
  }

  /** Issues what credits, tags and order allow. */
  void pump() {
    pump(own);
    if (!gated) {
      pump(guests);
    }
  }

  private void pump(AccessQueue queue) {
    while (!queue.isEmpty() && !(gated && queue == guests)) {
      Access access = queue.first();
      if (access.guest && !posted.passed(access.barrier) || !issueAll(access)) {
        return;
      }
      queue.removeFirst();
      if (access.unanswered == 0) {
        finish(access);
      }
    }
  }

  private boolean issueAll(Access access) {
    while (access.issued < access.bytes) {
      int piece = piece(access);
      if (!skipped(access, piece)) {
        if (!tags.available() || !issue(access, access.issued, piece, -1)) {
          return false;
        }
      }
      access.issued += piece;
    }
    return true;
  }

  private static int piece(Access access) {
    int rest = access.bytes - access.issued;
    long address = access.address + access.issued;
    int unit = access.kind == Access.Kind.READ_MEMORY ? TlpLimits.PAGE_BYTES : 4;
    return Math.min(rest, unit - (int) (address & unit - 1));
  }

  /** Configuration registers that are wholly ours never cross the wire. */
  private boolean skipped(Access access, int piece) {
    if (!access.guest || !access.kind.config()) {
      return false;
    }
    int offset = (int) access.address + access.issued;
    if (access.kind == Access.Kind.READ_CONFIG) {
      if (config.constant(offset, piece, access.data(), access.issued)) {
        local.add(LocalCounts.Count.CONFIG_READS);
        return true;
      }
      return config.entirelyLocal(offset & ~3);
    }
    if (access.prepared > access.issued) {
      return false; // Refused by the wire before; the guest's value has been translated already.
    }
    access.prepared = access.issued + piece;
    int shift = 8 * (offset & 3);
    int lanes = (int) ((1L << 8 * piece) - 1) << shift;
    int value = 0;
    for (int i = 0; i < piece; i++) {
      int b = access.data().get(ValueLayout.JAVA_BYTE, access.issued + i) & 0xFF;
      value |= b << shift + 8 * i;
    }
    return !writeThrough(access, offset & ~3, value, lanes, piece);
  }

  private boolean writeThrough(Access access, int dw, int value, int lanes, int piece) {
    if (!config.write(dw, value, lanes)) {
      return false;
    }
    int card = config.forCard(dw, value);
    for (int i = 0; i < piece; i++) {
      int lane = (int) (access.address + access.issued + i & 3);
      access.data().set(ValueLayout.JAVA_BYTE, access.issued + i, (byte) (card >>> 8 * lane));
    }
    if (config.startsFlr(dw, value, lanes)) {
      access.effect = Access.Effect.FLR;
    } else if (config.writesPowerState(dw, lanes)) {
      access.effect = Access.Effect.POWER;
    }
    return true;
  }

  /** One request; {@code tag} is -1 for a new one. False when there are no credits. */
  private boolean issue(Access access, int pieceAt, int piece, int tag) {
    long address = access.address + pieceAt;
    int header =
        access.kind == Access.Kind.READ_MEMORY ? TlpEncoder.memoryHeaderBytes(address) : 12;
    int dataBytes = access.kind.write() ? 4 : 0;
    long tlp = wire.claim(FlowClass.NON_POSTED, header, dataBytes);
    if (tlp < 0) {
      return false;
    }
    int use = tag < 0 ? tags.take(access, pieceAt, piece) : tag;
    encode(wire.segment(), tlp, access, use, address, piece);
    if (dataBytes > 0) {
      MemorySegment to = wire.segment();
      to.set(ValueLayout.JAVA_INT_UNALIGNED, tlp + 12, 0);
      MemorySegment.copy(access.data(), pieceAt, to, tlp + 12 + (address & 3), piece);
    }
    access.unanswered += tag < 0 ? 1 : 0;
    wire.commit();
    if (access.guest && access.kind == Access.Kind.WRITE_CONFIG) {
      owner.onConfigSent(access);
    }
    return true;
  }

  private static void encode(
      MemorySegment to, long at, Access access, int tag, long address, int piece) {
    int root = Wire.ROOT_ID;
    int card = Wire.CARD_ID;
    switch (access.kind) {
      case READ_MEMORY -> TlpEncoder.memoryRead(to, at, root, tag, address, piece);
      case READ_IO -> TlpEncoder.ioRead(to, at, root, tag, (int) address, piece);
      case WRITE_IO -> TlpEncoder.ioWrite(to, at, root, tag, (int) address, piece);
      case READ_CONFIG -> TlpEncoder.configRead0(to, at, root, tag, card, (int) address, piece);
      case WRITE_CONFIG -> TlpEncoder.configWrite0(to, at, root, tag, card, (int) address, piece);
    }
  }

  /** A completion has arrived. Whatever does not fit a request of ours is counted and dropped. */
  void onCompletion(TlpView view) {
    int tag = view.tag();
    if (view.requesterId() != Wire.ROOT_ID) {
      counters.add(PortEvent.COMPLETION_UNEXPECTED);
    } else if (tags.active(tag)) {
      onExpected(view, tag);
    } else if (tags.abandoned(tag)) {
      counters.add(PortEvent.COMPLETION_LATE);
      if (view.statusCode() != 0 || view.completedBytes() == view.byteCount() || noData(view)) {
        tags.release(tag);
      }
    } else {
      counters.add(PortEvent.COMPLETION_UNEXPECTED);
    }
  }

  private static boolean noData(TlpView view) {
    return view.dataBytes() == 0;
  }

  private void onExpected(TlpView view, int tag) {
    Access access = tags.owner(tag);
    CompletionStatus status = CompletionStatus.of(view.statusCode());
    if (status == CompletionStatus.RRS && access.kind.config()) {
      tags.retryLater(tag);
      retryTimer.arm(RETRY_NS);
      return;
    }
    if (status != CompletionStatus.SC) {
      counters.add(PortEvent.COMPLETION_ERROR);
      failPiece(access, tag);
    } else if (access.kind.write()) {
      if (!noData(view)) {
        counters.add(PortEvent.COMPLETION_WRONG);
        return;
      }
    } else if (!copyData(view, access, tag)) {
      return;
    }
    tags.release(tag);
    answered(access);
  }

  /** Takes a read's data over; true when the piece is complete. */
  private boolean copyData(TlpView view, Access access, int tag) {
    boolean memory = access.kind == Access.Kind.READ_MEMORY;
    int received = tags.received(tag);
    int pieceAt = tags.at(tag);
    int piece = tags.bytes(tag);
    long address = access.address + pieceAt + received;
    // Byte Count is always 4 and Lower Address 0 but for memory reads (2.3.1.1).
    boolean fits =
        memory
            ? view.byteCount() == piece - received
                && view.lowerAddress() == (int) (address & 0x7F)
                && view.completedBytes() > 0
            : view.dataBytes() == 4 && view.byteCount() == 4 && view.lowerAddress() == 0;
    if (!fits) {
      counters.add(PortEvent.COMPLETION_WRONG);
      return false;
    }
    if (view.poisoned()) {
      counters.add(PortEvent.COMPLETION_POISONED);
      failPiece(access, tag);
      return !memory || view.completedBytes() == view.byteCount();
    }
    int bytes = memory ? view.completedBytes() : piece;
    MemorySegment.copy(
        view.segment(),
        view.dataOffset() + (address & 3),
        access.data(),
        pieceAt + received,
        bytes);
    tags.received(tag, bytes);
    return received + bytes == piece;
  }

  /** What was to come of this piece reads as all-ones; a host does the same (2.3.2). */
  private void failPiece(Access access, int tag) {
    if (!access.kind.write()) {
      int from = tags.received(tag);
      int bytes = tags.bytes(tag) - from;
      MemorySegment.copy(ALL_ONES, 0, access.data(), tags.at(tag) + from, bytes);
      tags.received(tag, bytes);
    }
  }

  private void answered(Access access) {
    access.unanswered--;
    if (access.unanswered == 0 && access.issued == access.bytes) {
      finish(access);
    }
    if (!own.isEmpty() || !guests.isEmpty()) {
      pump();
    }
  }

  private void finish(Access access) {
    unlink(access);
    owner.onFinishing(access);
    if (access.guest && access.kind == Access.Kind.READ_MEMORY && !access.failed) {
      counters.readLatency().add(agent.nowNs() + deadlineNs - access.deadlineNs);
    }
    if (access.kind.write()) {
      access.writeDone.done(access.cookie);
    } else if (access.failed) {
      answerAllOnes(access.readDone, access.cookie, access.bytes);
    } else {
      access.readDone.done(access.cookie, access.data(), 0, access.bytes);
    }
    access.readDone = null;
    access.writeDone = null;
    pool[pooled++] = access;
  }

  private void unlink(Access access) {
    if (access.older == null) {
      oldest = access.newer;
    } else {
      access.older.newer = access.newer;
    }
    if (access.newer == null) {
      newest = access.older;
    } else {
      access.newer.older = access.older;
    }
  }

  /** Answers without the card: all-ones, and the tags stay taken. */
  private void giveUp(Access access) {
    access.failed = true;
    tags.abandon(access);
    (access.guest ? guests : own).remove(access);
    finish(access);
  }

  /**
   * Nobody waits for our own accesses, and what brings a card up or resets it must not get lost
   * because there were no credits: they wait for the wire as long as the link lives. Tags are
   * another matter: they do not come back from a card that does not answer.
   */
  private void postpone(Access access, long nowNs) {
    unlink(access);
    link(access, nowNs);
  }

  private void onDeadline() {
    deadlineArmed = false;
    long now = agent.nowNs();
    while (oldest != null && oldest.deadlineNs <= now) {
      if (!oldest.guest && oldest.issued == 0 && tags.available()) {
        postpone(oldest, now);
        continue;
      }
      counters.add(PortEvent.ACCESS_TIMEOUT);
      giveUp(oldest);
    }
    if (oldest != null && !deadlineArmed) {
      deadlineArmed = true;
      deadlineTimer.arm(oldest.deadlineNs - now);
    }
    pump();
  }

  private void onRetry() {
    int tag = tags.nextRetry();
    while (tag >= 0) {
      if (!issue(tags.owner(tag), tags.at(tag), tags.bytes(tag), tag)) {
        retryTimer.arm(RETRY_NS);
        return;
      }
      tags.retried(tag);
      tag = tags.nextRetry();
    }
  }

  /** Answers every guest's access of until now, or every access at all, without the card. */
  void failAll(boolean ownToo) {
    long until = serials;
    Access access = oldest;
    while (access != null && access.serial <= until) {
      if (ownToo || access.guest) {
        giveUp(access);
        access = oldest; // What is told of it may have changed the list.
      } else {
        access = access.newer;
      }
    }
  }
}
