package farslot.link;

import java.util.Arrays;
import java.util.function.Consumer;

/** A session's streams by number. */
final class StreamTable {
  private final int streamsMax;
  private LinkStream[] streams = new LinkStream[16];
  private int count;
  private int lastId;

  StreamTable(int streamsMax) {
    this.streamsMax = streamsMax;
  }

  /** The stream with this number, or null. */
  LinkStream get(int id) {
    return id < streams.length ? streams[id] : null;
  }

  boolean isFull() {
    return count == streamsMax;
  }

  int count() {
    return count;
  }

  /** A number that is free, used least recently so that stragglers do not meet a new stream. */
  int freeId() {
    do {
      lastId = lastId == 65535 || lastId > 2 * streamsMax ? 1 : lastId + 1;
    } while (get(lastId) != null);
    return lastId;
  }

  void put(LinkStream stream) {
    if (stream.id() >= streams.length) {
      streams = Arrays.copyOf(streams, Math.max(2 * streams.length, stream.id() + 1));
    }
    streams[stream.id()] = stream;
    count++;
  }

  void remove(LinkStream stream) {
    if (get(stream.id()) == stream) {
      streams[stream.id()] = null;
      count--;
    }
  }

  /** All of them; the table may change meanwhile. */
  void forEach(Consumer<LinkStream> task) {
    for (LinkStream stream : streams.clone()) {
      if (stream != null) {
        task.accept(stream);
      }
    }
  }
}
