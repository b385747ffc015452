package farslot.control;

import farslot.capture.Recording;
import farslot.link.LinkEvent;
import farslot.link.LinkStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which streams there are, and whose a stream was a moment ago. Told on the data thread, asked from
 * any.
 */
public final class LinkWatch implements Recording.Names {
  private record Key(int session, int stream) {}

  private final Map<Key, LinkStream> streams = new ConcurrentHashMap<>();

  /** Something has happened on a link. */
  public void onEvent(LinkEvent event) {
    if (event instanceof LinkEvent.StreamUp(LinkStream stream)) {
      // Replaces the one before it: what is captured is named a little later than it is sent.
      streams.put(new Key(stream.session().id(), stream.id()), stream);
    } else if (event instanceof LinkEvent.SessionDown down) {
      streams.keySet().removeIf(key -> key.session == down.session().id());
    }
  }

  /** A session's streams that are up, by number. */
  public List<LinkStream> streams(int session) {
    return streams.entrySet().stream()
        .filter(entry -> entry.getKey().session == session && entry.getValue().isUp())
        .map(Map.Entry::getValue)
        .sorted(java.util.Comparator.comparingInt(LinkStream::id))
        .toList();
  }

  @Override
  public String function(int session, int stream) {
    LinkStream found = streams.get(new Key(session, stream));
    return found == null ? "" : found.functionName();
  }

  /** All that is known, for people: one line a stream. */
  String words() {
    StringBuilder words = new StringBuilder();
    streams.values().stream()
        .filter(LinkStream::isUp)
        .map(stream -> stream.session().peer().nodeName() + ", " + stream.session() + ": " + stream)
        .sorted()
        .forEach(line -> words.append(line).append('\n'));
    return words.toString();
  }
}
