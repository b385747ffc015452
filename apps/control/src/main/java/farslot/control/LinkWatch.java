package farslot.control;

import farslot.capture.Recording;
import farslot.link.LinkEvent;
import farslot.link.LinkStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which streams there are, and whose they are. Told on the data thread, asked from any. */
public final class LinkWatch implements Recording.Names {
  private record Key(int session, int stream) {}

  private final Map<Key, LinkStream> streams = new ConcurrentHashMap<>();
  private final StreamNames names = new StreamNames();

  /** Something has happened on a link. */
  public void onEvent(LinkEvent event) {
    if (event instanceof LinkEvent.StreamUp(LinkStream stream)) {
      streams.put(new Key(stream.session().id(), stream.id()), stream);
      names.up(stream.session().id(), stream.id(), stream.functionName());
    } else if (event instanceof LinkEvent.SessionDown down) {
      streams.keySet().removeIf(key -> key.session == down.session().id());
      names.down(down.session().id());
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
    return names.function(session, stream);
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
