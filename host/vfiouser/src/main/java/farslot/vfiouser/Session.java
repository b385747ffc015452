package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.vfiouser.Requests.Outcome;
import farslot.vfiouser.Requests.Overdue;
import farslot.vfiouser.VfioUserCounters.Counter;
import farslot.vfiouser.wire.Inbox;
import farslot.vfiouser.wire.Outbox;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;

/**
 * One client, from its connect to its end: the socket, what comes in, what goes out. When it ends,
 * everything the client had is dropped; the function keeps its state.
 */
final class Session
    implements EventLoop.Handler,
        EventLoop.TurnEnd,
        Requests.Executor,
        Handshake.Outcomes,
        MessagedDma.Line {
  /** Header, structure and data of the largest access; VERSION's text fits too. */
  static final int MESSAGE_BYTES_MAX =
      Wire.HEADER_BYTES + Wire.ACCESS_BYTES + ClientVersion.OUR_DATA_BYTES;

  /** What is read ahead of the card: enough to see the client's end. */
  static final int READ_AHEAD_BYTES = 64 << 10;

  /** Unread replies beyond which requests wait. */
  private static final int UNREAD_BYTES = 1 << 20;

  /** A client that does not say VERSION soon blocks the next one. */
  private static final long HANDSHAKE_NS = 5_000_000_000L;

  private static final int RECEIVES_MAX = 8;

  /** Who owns the session. */
  interface Owner {
    /** A version is agreed on; {@code client} is for people. */
    void onAgreed(String client);

    /**
     * It is over and everything is released.
     *
     * @param broken because of what the client sent, or did not
     */
    void onEnd(String cause, boolean broken);
  }

  private final EventLoop loop;
  private final LocalFunction function;
  private final VfioUserOptions options;
  private final VfioUserCounters counters;
  private final Owner owner;
  private final int socket;
  private final Inbox inbox = new Inbox(MESSAGE_BYTES_MAX + READ_AHEAD_BYTES);
  private final Outbox outbox = new Outbox();
  private final Replies replies = new Replies(outbox);
  private final Requests requests;
  private final Handshake handshake;
  private final EventLoop.Timer handshakeClock;
  private final Runnable onMemoryFault = this::onMemoryFault;

  /** Null until a version is agreed on. */
  private Attached attached;

  private int interest;
  private boolean settling;
  private boolean ended;

  /** Why the session ends once its last answer is written; null while it goes on. */
  private String refused;

  Session(
      EventLoop loop,
      LocalFunction function,
      VfioUserOptions options,
      VfioUserCounters counters,
      Owner owner,
      int socket) {
    this.loop = loop;
    this.function = function;
    this.options = options;
    this.counters = counters;
    this.owner = owner;
    this.socket = socket;
    requests = new Requests(loop, inbox, this, MESSAGE_BYTES_MAX, options.replyDeadlineNs());
    handshake = new Handshake(function, options.msix(), replies, requests, this);
    handshakeClock = loop.timer(() -> end("no VERSION came in time", true));
    handshakeClock.arm(HANDSHAKE_NS);
    loop.addTurnEnd(this);
    loop.addMemoryFault(onMemoryFault);
    interest = EventLoop.READ;
    loop.watch(socket, interest, this);
  }

  @Override
  public void onReady(int ready) {
    if ((ready & EventLoop.READ) != 0) {
      receive();
    }
    settle();
  }

  /** Sends what was written by others than the client's requests: DMA messages, late answers. */
  @Override
  public void onTurnEnd(long nowNs) {
    boolean blocked = (interest & EventLoop.WRITE) != 0;
    if (!outbox.isEmpty() && !blocked || wantsToRead() != ((interest & EventLoop.READ) != 0)) {
      settle();
    }
  }

  /** A card's interrupt. */
  void onInterrupt(int kind, int vector) {
    boolean heard = attached != null && attached.irqs().signal(kind, vector);
    counters.count(heard ? Counter.INTERRUPTS : Counter.INTERRUPTS_UNHEARD);
  }

  /** The function takes writes again. */
  void onRoom() {
    if (attached != null) {
      attached.commands().onRoom();
    }
  }

  /** Signals ERR or REQ; false when the client does not listen to it. */
  boolean signal(int kind) {
    return attached != null && attached.irqs().signal(kind, 0);
  }

  /** Ends the session and releases everything. */
  void end(String cause, boolean broken) {
    if (ended) {
      return;
    }
    ended = true;
    requests.stop();
    handshake.close();
    handshakeClock.cancel();
    loop.removeTurnEnd(this);
    loop.removeMemoryFault(onMemoryFault);
    loop.unwatch(socket);
    if (attached != null) {
      attached.close();
    }
    inbox.close();
    Fd.close(socket);
    owner.onEnd(cause, broken);
  }

  @Override
  public boolean ready() {
    return refused == null && outbox.bytes() < UNREAD_BYTES;
  }

  @Override
  public Outcome execute(VfioUserMessage request, long position, int[] fds) {
    return attached == null ? handshake.execute(request) : attached.execute(request, position, fds);
  }

  @Override
  public void giveUp() {
    if (attached == null) {
      handshake.giveUp();
    } else {
      attached.commands().giveUp();
    }
  }

  @Override
  public Overdue overdue(VfioUserMessage request) {
    return attached == null ? Overdue.KEPT : attached.commands().overdue(request);
  }

  @Override
  public void onReply(VfioUserMessage reply) {
    if (attached == null) {
      counters.count(Counter.DMA_REPLIES_STRAY);
    } else {
      attached.onReply(reply);
    }
  }

  @Override
  public void onGarbage(VfioUserMessage.Check check) {
    end("client sent what is no message: " + check, true);
  }

  @Override
  public void onAgreed(ClientVersion client, ConfigFilter filter) {
    handshakeClock.cancel();
    attached =
        new Attached(
            new Attached.Session(
                loop, function, options, counters, inbox, outbox, replies, requests, this),
            client,
            filter);
    String capabilities = client.json() ? "" : " without capabilities";
    owner.onAgreed("0." + client.minor() + capabilities + ", " + attached.describe());
  }

  @Override
  public void onRefused(String why) {
    refused = why;
  }

  @Override
  public Outbox outbox() {
    return outbox;
  }

  @Override
  public void appended() {
    attached.onDmaBegun();
  }

  /** Called deep inside a card's transfer: the end comes later, from the loop. */
  @Override
  public void overrun() {
    loop.execute(() -> end("client does not answer DMA messages", true));
  }

  private void receive() {
    try {
      for (int i = 0; i < RECEIVES_MAX && !ended && wantsToRead(); i++) {
        int bytes = inbox.receive(socket);
        if (bytes == Fd.AGAIN) {
          return;
        }
        if (bytes == Fd.END) {
          end("client has closed", false);
          return;
        }
        if (inbox.tooManyFds()) {
          end("client sent too many descriptors", true);
          return;
        }
        requests.work();
        if (!inbox.wasFilled()) {
          return; // the socket had no more: spares the call that says so
        }
      }
    } catch (ErrnoException e) {
      end("client has gone: " + e.getMessage(), false);
    }
  }

  /** Sends what can be sent, takes up what waited for that, and watches for what is missing. */
  private void settle() {
    if (ended || settling) {
      return;
    }
    settling = true;
    try {
      boolean more = true;
      while (more && !ended && outbox.flush(socket)) {
        requests.work();
        more = !outbox.isEmpty();
      }
    } catch (ErrnoException e) {
      end("client has gone: " + e.getMessage(), false);
    }
    settling = false;
    if (!ended && refused != null) {
      end(refused, true);
    }
    if (!ended) {
      watch();
    }
  }

  private void watch() {
    int wanted = (wantsToRead() ? EventLoop.READ : 0) | (outbox.isEmpty() ? 0 : EventLoop.WRITE);
    if (wanted != interest) {
      interest = wanted;
      loop.watch(socket, wanted, this);
    }
  }

  /** A client is not read much further than the card can follow, but for DMA replies. */
  private boolean wantsToRead() {
    if (inbox.isFull()) {
      return false;
    }
    boolean ahead = inbox.tail() - inbox.head() >= READ_AHEAD_BYTES;
    boolean stalled = requests.isStalled() || !ready();
    return !(stalled && ahead) || attached != null && attached.awaitsReplies();
  }

  /** Somebody's mapped memory has faulted, or may have: ends the session if it was this one's. */
  void onMemoryFault() {
    if (attached != null && attached.isMemoryTruncated()) {
      end("client has made its memory smaller", true);
    }
  }
}
