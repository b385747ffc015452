package farslot.vfiouser.client;

import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.vfiouser.wire.Inbox;
import farslot.vfiouser.wire.Outbox;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;

/**
 * One socket to a server: what comes in is cut into messages, what goes out waits for the turn's
 * end. A receiver that is not ready for a message stops the channel, until {@link #resume}.
 */
final class Channel implements EventLoop.Handler, EventLoop.TurnEnd {
  /** Header, structure and data of the largest DMA_WRITE that we have announced to take. */
  static final int MESSAGE_BYTES_MAX =
      Wire.HEADER_BYTES + Wire.DMA_BYTES + ServerVersion.OUR_DATA_BYTES;

  private static final int READ_AHEAD_BYTES = 64 << 10;
  private static final int RECEIVES_MAX = 8;

  /** Who deals with what comes. */
  interface Receiver {
    /** Whether a message could be dealt with now. */
    boolean ready(Channel from, VfioUserMessage message);

    /**
     * @param fds its descriptors, now the receiver's
     */
    void onMessage(Channel from, VfioUserMessage message, int[] fds);

    /** Something has arrived and been dealt with as far as possible. */
    void onReceived();

    /** There is no more to be had here: in words, why. Called once. */
    void onGone(String cause);
  }

  private final EventLoop loop;
  private final int socket;
  private final Receiver receiver;
  private final Inbox inbox = new Inbox(MESSAGE_BYTES_MAX + READ_AHEAD_BYTES);
  private final Outbox outbox = new Outbox();
  private final VfioUserMessage view = new VfioUserMessage();
  private int interest = EventLoop.READ;
  private boolean drained = true;
  private boolean stalled;
  private boolean working;
  private boolean closed;

  /** Takes the socket over. */
  Channel(EventLoop loop, int socket, Receiver receiver) {
    this.loop = loop;
    this.socket = socket;
    this.receiver = receiver;
    loop.addTurnEnd(this);
    loop.watch(socket, interest, this);
  }

  Outbox outbox() {
    return outbox;
  }

  /** Whether everything that had been sent when {@link #receive} was called has been dealt with. */
  boolean isSettled() {
    return closed || drained && !stalled;
  }

  @Override
  public void onReady(int ready) {
    if ((ready & EventLoop.READ) != 0) {
      receive();
      receiver.onReceived();
    }
    if ((ready & EventLoop.WRITE) != 0) {
      flush();
    }
  }

  @Override
  public void onTurnEnd(long nowNs) {
    if (!outbox.isEmpty() && (interest & EventLoop.WRITE) == 0) {
      flush();
    }
  }

  /** Reads what is there. */
  void receive() {
    drained = false;
    try {
      for (int i = 0; i < RECEIVES_MAX && !closed && !stalled; i++) {
        int bytes = inbox.receive(socket);
        if (bytes == Fd.END) {
          gone("has closed its socket");
          return;
        }
        if (inbox.tooManyFds()) {
          gone("sends more descriptors than anybody needs");
          return;
        }
        work();
        if (bytes == Fd.AGAIN || !inbox.wasFilled()) {
          drained = true;
          return;
        }
      }
    } catch (ErrnoException e) {
      gone("has gone: " + e.getMessage());
    }
  }

  /** The receiver may be ready for what it was not. */
  void resume() {
    if (stalled && !working && !closed) {
      work();
      if (!stalled && !closed) {
        receive();
        watch();
        receiver.onReceived();
      }
    }
  }

  private void work() {
    working = true;
    stalled = false;
    while (!closed && isWhole()) {
      if (!receiver.ready(this, view)) {
        stalled = true;
        watch();
        break;
      }
      long position = inbox.head();
      int bytes = view.size();
      receiver.onMessage(this, view, inbox.takeFds(position, bytes));
      if (!closed) {
        inbox.release(position + bytes);
      }
    }
    working = false;
  }

  private boolean isWhole() {
    long at = inbox.offset(inbox.head());
    long available = inbox.tail() - inbox.head();
    VfioUserMessage.Check check =
        VfioUserMessage.check(inbox.segment(), at, available, MESSAGE_BYTES_MAX);
    switch (check) {
      case OK -> view.wrap(inbox.segment(), at);
      case INCOMPLETE -> {
        // The rest has to come.
      }
      default -> gone("sends what is no message: " + check);
    }
    return check == VfioUserMessage.Check.OK;
  }

  private void flush() {
    if (closed) {
      return;
    }
    try {
      outbox.flush(socket);
      watch();
    } catch (ErrnoException e) {
      // What it has said before it went is worth being read.
      receive();
      gone("has gone: " + e.getMessage());
    }
  }

  private void watch() {
    int wanted = (stalled ? 0 : EventLoop.READ) | (outbox.isEmpty() ? 0 : EventLoop.WRITE);
    if (wanted != interest && !closed) {
      interest = wanted;
      loop.watch(socket, wanted, this);
    }
  }

  private void gone(String cause) {
    if (!closed) {
      receiver.onGone(cause);
    }
  }

  void close() {
    if (!closed) {
      closed = true;
      loop.removeTurnEnd(this);
      loop.unwatch(socket);
      inbox.close();
      Fd.close(socket);
    }
  }
}
