package farslot.capture;

import farslot.pcie.TlpLimits;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * TLPs of one direction that are cut into fragments, put together in the order of the session's
 * sequence: over several rails the frame with the end may come before the one with the beginning.
 */
final class Fragments {
  /** Frames whose neighbours are awaited; the oldest is forgotten. */
  private static final int WAITING_MAX = 1024;

  /**
   * The beginning of a TLP at the end of a frame, or its continuation at the beginning of one.
   *
   * @param goesOn of a continuation: it fills its frame and is not the last either
   */
  private record Part(int stream, byte[] bytes, boolean goesOn) {}

  /** By the number of the frame that they end. */
  private final Map<Integer, Part> tails = bounded();

  /** By the number of the frame that they begin, which came before the frame before it. */
  private final Map<Integer, Part> heads = bounded();

  private static Map<Integer, Part> bounded() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<Integer, Part> eldest) {
        return size() > WAITING_MAX;
      }
    };
  }

  /** Whether the first record of this frame goes on with a TLP of that stream. */
  boolean continues(int seq, int stream) {
    Part tail = tails.get(seq - 1);
    return tail != null && tail.stream == stream;
  }

  /** What has gathered before this frame. */
  byte[] before(int seq) {
    return tails.remove(seq - 1).bytes;
  }

  /**
   * A fragment that begins a frame, whose predecessor is not here yet: perhaps it goes on with
   * something.
   */
  void head(int seq, int stream, byte[] bytes, boolean goesOn) {
    heads.put(seq, new Part(stream, bytes, goesOn));
  }

  /**
   * A TLP that is not whole at the end of a frame.
   *
   * @return the whole TLP, when what it goes on with was here already; else null
   */
  byte[] tail(int seq, int stream, byte[] bytes) {
    byte[] gathered = bytes;
    int at = seq;
    for (Part next = heads.remove(at + 1);
        next != null && next.stream == stream;
        next = heads.remove(at + 1)) {
      gathered = join(gathered, next.bytes);
      if (gathered.length > TlpLimits.TLP_BYTES_MAX) {
        return null;
      }
      if (!next.goesOn) {
        return gathered;
      }
      at++;
    }
    tails.put(at, new Part(stream, gathered, true));
    return null;
  }

  static byte[] join(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
