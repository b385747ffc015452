package farslot.control;

import farslot.capture.Recording;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose a stream is, or was a moment ago: a capture is written later than its frames were seen, and
 * a session that has ended meanwhile still has frames there. Told on one thread, asked from any.
 */
final class StreamNames implements Recording.Names {
  /** Sessions remembered after their end. */
  static final int ENDED_MAX = 16;

  private record Key(int session, int stream) {}

  private final Map<Key, String> names = new ConcurrentHashMap<>();
  private final ArrayDeque<Integer> ended = new ArrayDeque<>();

  /** A stream is up; its number may have been another's before. */
  void up(int session, int stream, String function) {
    names.put(new Key(session, stream), function);
  }

  /** A session has ended: the longest ended one is forgotten. */
  void down(int session) {
    ended.add(session);
    if (ended.size() > ENDED_MAX) {
      int oldest = ended.remove();
      names.keySet().removeIf(key -> key.session == oldest);
    }
  }

  @Override
  public String function(int session, int stream) {
    return names.getOrDefault(new Key(session, stream), "");
  }
}
