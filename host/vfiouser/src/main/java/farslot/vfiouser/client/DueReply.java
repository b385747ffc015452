package farslot.vfiouser.client;

import farslot.function.ForeignDevice.ReadDone;
import farslot.function.ForeignDevice.WriteDone;
import farslot.vfiouser.wire.VfioUserMessage;

/** A command that a reply is due to. Pooled: its place in {@link DueReplies} is used again. */
final class DueReply {
  /** Who waits for a reply to something else than an access. */
  interface Answered {
    /**
     * @param reply valid during the call
     * @param fds its descriptors; those kept are replaced by -1, the others closed
     */
    void onAnswer(VfioUserMessage reply, int[] fds);
  }

  int id;
  int command;

  /** Of an access. */
  int bytes;

  long cookie;
  long deadlineNs;

  /** Exactly one of the three, until somebody has been told. */
  ReadDone read;

  WriteDone write;
  Answered answered;

  /** Tells a reader or writer that there will be no answer, or none in time. */
  void giveUp() {
    ReadDone reader = read;
    WriteDone writer = write;
    read = null;
    write = null;
    if (reader != null) {
      reader.done(cookie, null, 0, bytes);
    } else if (writer != null) {
      writer.done(cookie, false);
    }
  }

  void clear() {
    read = null;
    write = null;
    answered = null;
  }
}
