package farslot.vfiouser.client;

import static farslot.function.ForeignDevice.*;

import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One connection to a server, from its VERSION to its end. When it ends, nothing of it is left:
 * sockets, eventfds and what waited for answers.
 */
final class DeviceSession implements Channel.Receiver, IrqEvents.Sink, Greeting.Host {
  private static final int IRQ_ERR = 3;
  private static final int IRQ_REQ = 4;
  private static final int TWIN = 1;

  /** Who owns the session. */
  interface Owner {
    /** The device can be used. */
    void onGreeted(Facts facts);

    /** The memory that it may map, or null. */
    MirrorMemory mirror();

    /** Who speaks for the device, or null. */
    Access access();

    /** It is over, and everything is released. */
    void onEnd(String cause);
  }

  private final EventLoop loop;
  private final Owner owner;
  private final String from;
  private final DueReplies replies;
  private final Channel main;
  private final DmaService mainDma;
  private final IrqEvents irqs;
  private final IrqEvents errors;
  private final IrqEvents requests;
  private final Greeting greeting = new Greeting(this);
  private final DueReply.Answered settled = this::onSettled;

  /** Null when the server's commands come by the same socket as all else. */
  private Channel twin;

  private DmaService twinDma;
  private int enabledKind = -1;
  private boolean failing;
  private boolean ended;

  /** Takes the socket over. */
  DeviceSession(EventLoop loop, int socket, String from, DeviceClientOptions options, Owner owner) {
    this.loop = loop;
    this.owner = owner;
    this.from = from;
    replies = new DueReplies(loop, options.answerNs(), options.silenceNs(), this::end);
    irqs = new IrqEvents(loop, this);
    errors = new IrqEvents(loop, this);
    requests = new IrqEvents(loop, this);
    main = new Channel(loop, socket, this);
    mainDma = new DmaService(main.outbox(), 0);
    greeting.begin();
  }

  // What the card wants

  /** Reads a region; a device that owes too many answers fails it at once. */
  void read(int region, long offset, int bytes, ReadDone done, long cookie) {
    if (!hasRoom(Wire.ACCESS_BYTES)) {
      done.done(cookie, null, 0, bytes);
      return;
    }
    access(Wire.REGION_READ, replies.read(bytes, done, cookie), 0, region, offset, bytes, 0);
  }

  void write(int region, long offset, MemorySegment data, long at, int bytes) {
    if (main.outbox().hasRoom(Wire.HEADER_BYTES + Wire.ACCESS_BYTES + bytes)) {
      int flags = Wire.FLAG_NO_REPLY;
      long to = access(Wire.REGION_WRITE, replies.id(), flags, region, offset, bytes, bytes);
      MemorySegment.copy(data, at, main.outbox().segment(), to, bytes);
    } else {
      // A write that is lost is not made good by any other: this device cannot go on.
      fail("does not read what is written to it");
    }
  }

  void write(
      int region,
      long offset,
      MemorySegment data,
      long at,
      int bytes,
      WriteDone done,
      long cookie) {
    if (!hasRoom(Wire.ACCESS_BYTES + bytes)) {
      done.done(cookie, false);
      return;
    }
    int id = replies.write(bytes, done, cookie);
    long to = access(Wire.REGION_WRITE, id, 0, region, offset, bytes, bytes);
    MemorySegment.copy(data, at, main.outbox().segment(), to, bytes);
  }

  private boolean hasRoom(int payloadBytes) {
    return !replies.isFull() && main.outbox().hasRoom(Wire.HEADER_BYTES + payloadBytes);
  }

  private long access(
      int command, int id, int flags, int region, long offset, int bytes, int dataBytes) {
    long at = main.outbox().append(id, command, flags, 0, Wire.ACCESS_BYTES + dataBytes);
    MemorySegment to = main.outbox().segment();
    to.set(VfioUserMessage.U64, at + Wire.ACCESS_OFFSET_AT, offset);
    to.set(VfioUserMessage.U32, at + Wire.ACCESS_REGION_AT, region);
    to.set(VfioUserMessage.U32, at + Wire.ACCESS_COUNT_AT, bytes);
    return at + Wire.ACCESS_BYTES;
  }

  void reset() {
    disable();
    dmaAbandoned();
    if (greeting.resettable()) {
      ask(Wire.DEVICE_RESET, 0, 0, settled);
    }
  }

  /** Enables the first vectors of a kind, and of no other. */
  void enable(int kind, int vectors) {
    disable();
    if (vectors == 0 || failing) {
      return;
    }
    enabledKind = kind;
    arm(irqs, kind, vectors);
  }

  private void arm(IrqEvents events, int kind, int vectors) {
    int[] fds;
    try {
      fds = events.make(kind, vectors);
    } catch (ErrnoException e) {
      fail("cannot be given interrupts: " + e.getMessage());
      return;
    }
    for (int first = 0; first < vectors; first += greeting.msgFdsMax()) {
      int[] some = Arrays.copyOfRange(fds, first, Math.min(vectors, first + greeting.msgFdsMax()));
      main.outbox().attach(some);
      setIrqs(Wire.DATA_EVENTFD | Wire.ACTION_TRIGGER, kind, first, some.length);
    }
  }

  private void disable() {
    if (enabledKind >= 0 && !failing) {
      setIrqs(Wire.DATA_NONE | Wire.ACTION_TRIGGER, enabledKind, 0, 0);
    }
    enabledKind = -1;
    irqs.close();
    if (main.outbox().isEmpty()) {
      irqs.release();
    }
  }

  void unmaskIntx() {
    if (enabledKind == IRQ_INTX && !failing) {
      setIrqs(Wire.DATA_NONE | Wire.ACTION_UNMASK, IRQ_INTX, 0, 1);
    }
  }

  private void setIrqs(int flags, int kind, int first, int count) {
    long at = ask(Wire.DEVICE_SET_IRQS, 0, Wire.SET_IRQS_BYTES, settled);
    MemorySegment to = main.outbox().segment();
    to.set(VfioUserMessage.U32, at + Wire.ARGSZ_AT, Wire.SET_IRQS_BYTES);
    to.set(VfioUserMessage.U32, at + Wire.ARG_FLAGS_AT, flags);
    to.set(VfioUserMessage.U32, at + Wire.SET_IRQS_INDEX_AT, kind);
    to.set(VfioUserMessage.U32, at + Wire.SET_IRQS_START_AT, first);
    to.set(VfioUserMessage.U32, at + Wire.SET_IRQS_COUNT_AT, count);
  }

  /** A reply that says only whether it went well, which it has to. */
  private void onSettled(VfioUserMessage reply, int[] fds) {
    if (reply.isError() || fds.length > 0) {
      String why = fds.length > 0 ? "with descriptors" : Errno.describe(reply.errno());
      end("refuses command " + reply.command() + ": " + why);
    }
  }

  void dmaDone(long cookie, boolean ok) {
    boolean byTwin = DmaService.channel(cookie) == TWIN;
    if (!byTwin || twinDma != null) {
      (byTwin ? twinDma : mainDma).done(cookie, ok);
      (byTwin ? twin : main).resume();
    }
  }

  void dmaAbandoned() {
    mainDma.abandon();
    if (twinDma != null) {
      twinDma.abandon();
    }
    resume();
  }

  /** The slot takes DMA again. */
  void resume() {
    main.resume();
    if (twin != null) {
      twin.resume();
    }
  }

  // What the server sends

  @Override
  public boolean ready(Channel channel, VfioUserMessage message) {
    return message.isReply() || dma(channel).hasRoom(owner.access());
  }

  @Override
  public void onMessage(Channel channel, VfioUserMessage message, int[] fds) {
    if (message.isReply() && channel == main) {
      replies.onReply(message, fds);
    } else {
      Fd.closeAll(fds, fds.length);
      if (message.isReply()) {
        end("answers on the socket of its own commands");
      } else if (fds.length > 0) {
        end("sends descriptors with command " + message.command());
      } else {
        dma(channel).onCommand(message, owner.access());
      }
    }
  }

  private DmaService dma(Channel channel) {
    return channel == main ? mainDma : twinDma;
  }

  @Override
  public void onReceived() {
    deliver();
  }

  /**
   * What the server had sent before it signalled is there to be read: it comes first, as a write
   * comes before an interrupt that is sent after it.
   */
  @Override
  public void onSignalled() {
    if (!ended && main.isSettled()) {
      main.receive();
    }
    if (!ended && twin != null && twin.isSettled()) {
      twin.receive();
    }
    deliver();
  }

  private void deliver() {
    if (ended) {
      return;
    }
    if (errors.anySignalled()) {
      end("says that its device has failed");
    } else if (requests.anySignalled()) {
      end("asks for its device back");
    } else if (irqs.anySignalled() && main.isSettled() && (twin == null || twin.isSettled())) {
      irqs.deliver();
    }
  }

  @Override
  public void onInterrupt(int kind, int vector) {
    Access access = owner.access();
    if (access != null) {
      access.onInterrupt(kind, vector);
    }
  }

  @Override
  public void onGone(String cause) {
    end(cause);
  }

  // The greeting

  @Override
  public long ask(int command, int index, int payloadBytes, DueReply.Answered answered) {
    if (replies.isFull()) {
      fail("owes too many answers");
      // Never to be sent; what follows may write here.
      return main.outbox().append(0, command, Wire.FLAG_NO_REPLY, 0, payloadBytes);
    }
    int id = replies.other(command, index, answered);
    return main.outbox().append(id, command, 0, 0, payloadBytes);
  }

  @Override
  public MemorySegment outbox() {
    return main.outbox().segment();
  }

  @Override
  public long offerMemory() {
    MirrorMemory mirror = owner.mirror();
    if (mirror == null) {
      return 0;
    }
    main.outbox().attach(mirror.fd());
    return mirror.sizeBytes();
  }

  @Override
  public void twin(int fd) {
    try {
      Fd.nonBlocking(fd);
    } catch (ErrnoException e) {
      Fd.close(fd);
      end("sends a twin socket that is none: " + e.getMessage());
      return;
    }
    twin = new Channel(loop, fd, this);
    twinDma = new DmaService(twin.outbox(), TWIN);
  }

  @Override
  public void onGreeted(Greeting done) {
    if (done.vectors(IRQ_ERR) > 0) {
      arm(errors, IRQ_ERR, 1);
    }
    if (done.vectors(IRQ_REQ) > 0) {
      arm(requests, IRQ_REQ, 1);
    }
    owner.onGreeted(done.facts(from));
  }

  @Override
  public void onRefused(String why) {
    end(why);
  }

  // The end

  /** Ends it soon, from the loop: a card may be in the middle of something. */
  private void fail(String cause) {
    if (!failing) {
      failing = true;
      loop.execute(() -> end(cause));
    }
  }

  /** Releases everything, and says why. */
  void end(String cause) {
    if (ended) {
      return;
    }
    ended = true;
    failing = true;
    replies.close();
    for (IrqEvents events : new IrqEvents[] {irqs, errors, requests}) {
      events.close();
      events.release();
    }
    main.close();
    if (twin != null) {
      twin.close();
    }
    owner.onEnd(cause);
  }
}
