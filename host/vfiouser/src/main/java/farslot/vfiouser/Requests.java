package farslot.vfiouser;

import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.vfiouser.wire.Inbox;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.VfioUserMessage.Check;
import farslot.vfiouser.wire.Wire;
import java.util.Arrays;

/**
 * The order of a session: requests are carried out one after the other, and answered in the order
 * in which they came. Replies to our own DMA messages are taken out of the stream at once, past
 * requests that wait: a card that answers an access may need that DMA first.
 *
 * <p>It keeps the reply deadline too. What has waited for three quarters of it is answered by the
 * {@link Executor} without the card; a quarter is the clock's resolution.
 */
final class Requests {
  private static final int TICKS = 4;

  /** Type of a message that has been dealt with, out of its turn; no client can send it. */
  private static final int TYPE_CONSUMED = 0xF;

  /** How carrying out went. */
  enum Outcome {
    /** Answered, or needs no answer. */
    DONE,
    /** {@link #complete} will be called, or has been. */
    PENDING,
    /** The function takes no writes now: to be tried again. */
    WAIT
  }

  /** What becomes of a request that waits behind another for too long. */
  enum Overdue {
    /** Answered without the card, and done with. */
    ANSWERED,
    /** Keeps its turn; needs no answer (any more). */
    KEPT,
    /** Has nothing to do with the card: to be carried out now. */
    EXECUTE
  }

  /** Who carries out. */
  interface Executor {
    /** Whether an answer could be kept now. */
    boolean ready();

    /**
     * @param position of the message in the stream
     * @param fds its descriptors; those that are kept are replaced by -1, the rest closed
     */
    Outcome execute(VfioUserMessage request, long position, int[] fds);

    /** Answers the pending request now and calls {@link #complete}. */
    void giveUp();

    /** Deals with a request that never came to its turn. */
    Overdue overdue(VfioUserMessage request);

    void onReply(VfioUserMessage reply);

    /** The stream is no stream of messages. */
    void onGarbage(Check check);
  }

  private final Inbox inbox;
  private final Executor executor;
  private final int messageBytesMax;
  private final VfioUserMessage view = new VfioUserMessage();
  private final EventLoop.Timer clock;
  private final long tickNs;
  private final long[] tails = new long[TICKS - 1];

  /** Everything before this is complete messages, and checked. */
  private long scanned;

  private boolean pending;
  private long pendingAt;
  private boolean waiting;
  private boolean working;
  private boolean again;
  private boolean ticking;
  private boolean stopped;

  Requests(
      EventLoop loop, Inbox inbox, Executor executor, int messageBytesMax, long replyDeadlineNs) {
    this.inbox = inbox;
    this.executor = executor;
    this.messageBytesMax = messageBytesMax;
    this.tickNs = replyDeadlineNs / TICKS;
    this.clock = loop.timer(this::tick);
  }

  /** Whether the next request has to wait for something. */
  boolean isStalled() {
    return pending || waiting;
  }

  boolean isPending() {
    return pending;
  }

  /** Carries out what can be. */
  void work() {
    if (working) {
      again = true;
      return;
    }
    working = true;
    do {
      again = false;
      scan();
      step();
    } while (again && !stopped);
    working = false;
    if (!stopped && !ticking && inbox.head() < inbox.tail()) {
      ticking = true;
      Arrays.fill(tails, inbox.head());
      tails[TICKS - 2] = inbox.tail();
      clock.arm(tickNs);
    }
  }

  /** The pending request has been answered. */
  void complete() {
    assert pending;
    pending = false;
    consume(pendingAt);
    work();
  }

  /** The session has ended: nothing more is carried out. */
  void stop() {
    stopped = true;
    clock.cancel();
  }

  private void scan() {
    while (!stopped) {
      long available = inbox.tail() - scanned;
      Check check =
          VfioUserMessage.check(inbox.segment(), inbox.offset(scanned), available, messageBytesMax);
      if (check == Check.INCOMPLETE) {
        return;
      }
      if (check != Check.OK) {
        executor.onGarbage(check);
        return;
      }
      long position = scanned;
      view(position);
      scanned += view.size();
      if (view.isReply()) {
        close(inbox.takeFds(position, view.size()));
        consume(position);
        executor.onReply(view(position));
      }
    }
  }

  private void step() {
    waiting = false;
    while (!stopped && inbox.head() < scanned) {
      long position = inbox.head();
      if (isConsumed(position)) {
        inbox.release(position + view.size());
      } else if (pending || !executor.ready() || !execute(position)) {
        return;
      }
    }
  }

  /** False when it has to be tried again later. */
  private boolean execute(long position) {
    view(position);
    int[] fds = inbox.takeFds(position, view.size());
    pending = true;
    pendingAt = position;
    Outcome outcome = executor.execute(view, position, fds);
    close(fds);
    if (outcome == Outcome.PENDING || stopped) {
      return true;
    }
    pending = false;
    if (outcome == Outcome.WAIT) {
      waiting = true;
      return false;
    }
    consume(position);
    return true;
  }

  private void tick() {
    ticking = false;
    long due = tails[0];
    System.arraycopy(tails, 1, tails, 0, tails.length - 1);
    tails[tails.length - 1] = inbox.tail();
    if (inbox.head() < due) {
      working = true;
      answerUpTo(due);
      working = false;
      work();
    }
    if (!stopped && inbox.head() < inbox.tail()) {
      ticking = true;
      clock.arm(tickNs);
    }
  }

  private void answerUpTo(long due) {
    if (pending && pendingAt < due) {
      executor.giveUp();
    }
    long position = inbox.head();
    while (!stopped && !pending && position < Math.min(due, scanned)) {
      boolean consumed = isConsumed(position);
      int bytes = view.size();
      if (!consumed) {
        answer(position);
      }
      position += bytes;
    }
  }

  private void answer(long position) {
    switch (executor.overdue(view)) {
      case ANSWERED -> consume(position);
      case EXECUTE -> execute(position);
      case KEPT -> {}
    }
  }

  private VfioUserMessage view(long position) {
    return view.wrap(inbox.segment(), inbox.offset(position));
  }

  private boolean isConsumed(long position) {
    return (view(position).flags() & Wire.TYPE_MASK) == TYPE_CONSUMED;
  }

  private void consume(long position) {
    long at = inbox.offset(position) + Wire.FLAGS_AT;
    int flags = inbox.segment().get(VfioUserMessage.U32, at);
    inbox.segment().set(VfioUserMessage.U32, at, flags | TYPE_CONSUMED);
  }

  private static void close(int[] fds) {
    for (int fd : fds) {
      if (fd >= 0) {
        Fd.close(fd);
      }
    }
  }
}
