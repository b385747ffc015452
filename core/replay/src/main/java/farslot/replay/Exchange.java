package farslot.replay;

import java.util.Arrays;

/**
 * A request that wants an answer, and its answer as the capture has it; then what becomes of it
 * when it is said again.
 */
final class Exchange {
  final Said request;

  /** Where the request stands in the score. */
  final int at;

  /** Where its last completion stands there; -1 as long as there is none. */
  int answeredAt = -1;

  int status;
  byte[] data = {};

  /** A read of memory that had been pushed: the card need not do it again. */
  boolean pushed;

  // When it is said again.

  /** The card's own tag and ID for a read of the card; -1 before. */
  int tag = -1;

  int requesterId;

  /** Bytes of a read's data that other reads of the card have taken. */
  int taken;

  /** The read was answered in parts, so its own completions must not be sent. */
  boolean inParts;

  byte[] newData = {};

  Exchange(Said request, int at) {
    this.request = request;
    this.at = at;
  }

  boolean answered() {
    return answeredAt >= 0;
  }

  /** A completion in the capture; true when it is the last. */
  boolean complete(Said completion, int index) {
    data = join(data, completion.completed());
    status = completion.tlp.statusCode();
    if (isLast(completion)) {
      answeredAt = index;
      return true;
    }
    return false;
  }

  /** A completion now; true when it is the last. */
  boolean completeAgain(Said completion) {
    newData = join(newData, completion.completed());
    return isLast(completion);
  }

  private static boolean isLast(Said completion) {
    return completion.tlp.dataBytes() == 0
        || completion.tlp.completedBytes() == completion.tlp.byteCount();
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** An answer in words. */
  static String words(int status, byte[] data) {
    return status == 0 ? Said.hex(data) : Said.status(status);
  }
}
