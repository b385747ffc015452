package farslot.link;

import java.util.Arrays;

/** Streams that wait for something, each at most once, first come first served. Does not shrink. */
final class StreamQueue {
  private LinkStream[] items = new LinkStream[16];
  private int head;
  private int size;

  int size() {
    return size;
  }

  void add(LinkStream stream) {
    if (size == items.length) {
      LinkStream[] larger = Arrays.copyOf(items, 2 * size);
      // The wrapped part moves behind the old end, so that the order stays.
      System.arraycopy(items, 0, larger, size, head);
      Arrays.fill(larger, 0, head, null);
      items = larger;
    }
    items[(head + size++) & (items.length - 1)] = stream;
  }

  LinkStream peek() {
    return items[head];
  }

  LinkStream poll() {
    LinkStream stream = items[head];
    items[head] = null;
    head = (head + 1) & (items.length - 1);
    size--;
    return stream;
  }
}
