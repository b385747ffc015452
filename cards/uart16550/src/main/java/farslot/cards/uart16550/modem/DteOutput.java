package farslot.cards.uart16550.modem;

import farslot.function.SerialLine;
import java.lang.foreign.MemorySegment;

/** What waits to go to the computer: results, echo, data; held back as it asks for. */
final class DteOutput {
  private static final int BYTES = 1 << 14;

  /** Data leave so much for results, of which none gets lost behind data. */
  private static final int RESERVE = 1 << 11;

  private final ByteQueue queue = new ByteQueue(BYTES);
  private final Profile profile;
  private SerialLine.Listener listener;

  /** The UART has taken less than it was given. */
  private boolean full;

  private boolean rts = true;
  private boolean xoff;

  DteOutput(Profile profile) {
    this.profile = profile;
  }

  void open(SerialLine.Listener listener) {
    this.listener = listener;
  }

  /** What may be put as data just now. */
  int dataRoom() {
    return Math.max(0, queue.room() - RESERVE);
  }

  /** Whether a command's answer, whatever it is, finds room. */
  boolean roomForAnswers() {
    return queue.room() >= RESERVE;
  }

  void put(int value) {
    if (queue.room() > 0) {
      queue.put(value);
    }
  }

  int put(MemorySegment from, long offset, int bytes) {
    return queue.put(from, offset, Math.min(bytes, dataRoom()));
  }

  /** A result, as Q and V say (V.250, 5.7.1). Dropped when there is no room: nobody reads here. */
  void result(ResultCode code, String detail) {
    if (profile.quiet()) {
      return;
    }
    if (profile.verbose()) {
      line(code.verbose() + detail, true);
    } else {
      line(code.numeric(), false);
    }
  }

  /** Information text: with a head only when verbose, with a line feed behind in any case. */
  void info(String text) {
    text(text, profile.verbose(), true);
  }

  private void line(String text, boolean verbose) {
    text(text, verbose, verbose);
  }

  private void text(String text, boolean head, boolean feed) {
    if (queue.room() < text.length() + 4) {
      return;
    }
    if (head) {
      lineEnd(true);
    }
    for (int i = 0; i < text.length(); i++) {
      queue.put(text.charAt(i));
    }
    lineEnd(feed);
  }

  private void lineEnd(boolean feed) {
    queue.put(profile.register(ModemSpec.S_LINE_END));
    if (feed) {
      queue.put(profile.register(ModemSpec.S_FORMATTING));
    }
  }

  void rts(boolean on) {
    rts = on;
  }

  void xoff(boolean held) {
    xoff = held;
  }

  void resume() {
    full = false;
  }

  /** Hands over what may go; returns whether something went. */
  boolean pump() {
    int before = queue.size();
    while (!full && !held() && queue.size() > 0) {
      int bytes = queue.contiguous();
      int taken = listener.onBytes(queue.memory(), queue.offset(), bytes);
      queue.drop(taken);
      full = taken < bytes;
    }
    return queue.size() < before;
  }

  private boolean held() {
    return switch (profile.flowByDte()) {
      case Profile.FLOW_CIRCUIT -> !rts;
      case Profile.FLOW_XON_XOFF, Profile.FLOW_XON_XOFF_TRANSPARENT -> xoff;
      default -> false;
    };
  }
}
