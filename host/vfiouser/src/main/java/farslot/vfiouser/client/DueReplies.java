package farslot.vfiouser.client;

import farslot.function.ForeignDevice.ReadDone;
import farslot.function.ForeignDevice.WriteDone;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;

/**
 * What replies are due to, in the order in which they are due: servers answer in order. Whoever has
 * waited too long is told so, and the reply is dropped when it comes; a server that says nothing
 * for much longer is given up.
 */
final class DueReplies {
  /** Most at once; a power of two. */
  static final int COUNT_MAX = 4096;

  /** Who ends the session. */
  interface Failure {
    void failed(String cause);
  }

  private final EventLoop.Timer clock;
  private final EventLoop loop;
  private final long answerNs;
  private final long silenceNs;
  private final Failure failure;
  private final DueReply[] ring = new DueReply[COUNT_MAX];

  /** First of those due; of those not told yet; behind the last. They only grow. */
  private int head;

  private int untold;
  private int tail;
  private int nextId;
  private boolean timing;
  private long repliedNs = Long.MIN_VALUE;

  DueReplies(EventLoop loop, long answerNs, long silenceNs, Failure failure) {
    this.loop = loop;
    this.answerNs = answerNs;
    this.silenceNs = silenceNs;
    this.failure = failure;
    clock = loop.timer(this::onTime);
  }

  boolean isFull() {
    return tail - head == COUNT_MAX;
  }

  /** An id for a message that no reply is due to. */
  int id() {
    return nextId++ & 0xFFFF;
  }

  int read(int bytes, ReadDone done, long cookie) {
    DueReply due = begin(Wire.REGION_READ, bytes);
    due.read = done;
    due.cookie = cookie;
    return due.id;
  }

  int write(int bytes, WriteDone done, long cookie) {
    DueReply due = begin(Wire.REGION_WRITE, bytes);
    due.write = done;
    due.cookie = cookie;
    return due.id;
  }

  /**
   * @param index of a question, what it asks about
   */
  int other(int command, int index, DueReply.Answered answered) {
    DueReply due = begin(command, index);
    due.answered = answered;
    return due.id;
  }

  private DueReply begin(int command, int bytes) {
    assert !isFull();
    int place = tail++ & COUNT_MAX - 1;
    DueReply due = ring[place];
    if (due == null) {
      due = new DueReply();
      ring[place] = due;
    }
    due.id = id();
    due.command = command;
    due.bytes = bytes;
    due.deadlineNs = loop.nowNs() + answerNs;
    if (!timing) {
      timing = true;
      clock.arm(answerNs);
    }
    return due;
  }

  /** A reply, and its descriptors, which are closed unless somebody keeps them. */
  void onReply(VfioUserMessage reply, int[] fds) {
    DueReply due = head == tail ? null : ring[head & COUNT_MAX - 1];
    if (due == null || due.id != reply.id() || due.command != reply.command()) {
      Fd.closeAll(fds, fds.length);
      failure.failed("answers what it was not asked: command " + reply.command());
      return;
    }
    ReplyCheck check = ReplyCheck.of(reply, due.command, due.bytes);
    boolean wrong = check != ReplyCheck.OK && check != ReplyCheck.ERROR;
    boolean accessWithFds = fds.length > 0 && due.answered == null;
    if (wrong || accessWithFds) {
      Fd.closeAll(fds, fds.length);
      String what = wrong ? check.toString() : "descriptors";
      failure.failed("answers command " + due.command + " wrongly: " + what);
      return;
    }
    repliedNs = loop.nowNs();
    head++;
    untold = head - untold > 0 ? head : untold;
    tell(due, reply, fds, check == ReplyCheck.OK);
    closeLeft(fds);
  }

  private void tell(DueReply due, VfioUserMessage reply, int[] fds, boolean ok) {
    ReadDone reader = due.read;
    WriteDone writer = due.write;
    DueReply.Answered answered = due.answered;
    due.clear();
    if (reader != null) {
      int bytes = due.bytes;
      long at = reply.payloadAt() + Wire.ACCESS_BYTES;
      reader.done(due.cookie, ok ? reply.segment() : null, at, bytes);
    } else if (writer != null) {
      writer.done(due.cookie, ok);
    } else if (answered != null) {
      answered.onAnswer(reply, fds);
    }
  }

  private static void closeLeft(int[] fds) {
    for (int fd : fds) {
      if (fd >= 0) {
        Fd.close(fd);
      }
    }
  }

  private void onTime() {
    timing = false;
    long nowNs = loop.nowNs();
    if (head != tail && silentUntilNs() <= nowNs) {
      int command = ring[head & COUNT_MAX - 1].command;
      failure.failed(
          "has not answered command " + command + " for " + silenceNs / 1_000_000 + " ms");
      return;
    }
    while (untold != tail && ring[untold & COUNT_MAX - 1].deadlineNs <= nowNs) {
      ring[untold++ & COUNT_MAX - 1].giveUp();
    }
    if (head != tail && !timing) {
      timing = true;
      long nextNs = untold == tail ? silentUntilNs() : ring[untold & COUNT_MAX - 1].deadlineNs;
      clock.arm(Math.max(1, nextNs - nowNs));
    }
  }

  /** When the server will have been silent for too long. */
  private long silentUntilNs() {
    long askedNs = ring[head & COUNT_MAX - 1].deadlineNs - answerNs;
    return Math.max(askedNs, repliedNs) + silenceNs;
  }

  /** The session has ended: nobody is told of anything. */
  void close() {
    clock.cancel();
    timing = true;
    while (head != tail) {
      ring[head++ & COUNT_MAX - 1].clear();
    }
    untold = tail;
  }
}
