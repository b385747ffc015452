package farslot.function;

/**
 * Reads of a ring's entries that are under way, each of some entries: they may end in any order,
 * and what they bring is taken in the order in which they began.
 */
public final class FetchOrder {
  private final int[] counts;
  private final boolean[] ended;
  private int oldest;
  private int underWay;

  /**
   * @param max under way at a time
   */
  public FetchOrder(int max) {
    counts = new int[max];
    ended = new boolean[max];
  }

  /** How many have begun and not been taken. */
  public int underWay() {
    return underWay;
  }

  /** Whether another may begin. */
  public boolean hasRoom() {
    return underWay < counts.length;
  }

  /**
   * One begins, when there is room.
   *
   * @param count of its entries, at least 1
   * @return what {@link #ended} is to be told, 0 to {@code max - 1}
   */
  public int begin(int count) {
    assert hasRoom() && count > 0;
    int fetch = oldest + underWay;
    fetch -= fetch < counts.length ? 0 : counts.length;
    counts[fetch] = count;
    ended[fetch] = false;
    underWay++;
    return fetch;
  }

  /** One has ended. */
  public void ended(int fetch) {
    ended[fetch] = true;
  }

  /** Takes the oldest if it has ended: the count of its entries, or 0. */
  public int take() {
    return underWay > 0 && ended[oldest] ? drop() : 0;
  }

  /** Takes the oldest though it may not have ended, and will not any more. */
  public int drop() {
    assert underWay > 0;
    int count = counts[oldest];
    oldest = oldest + 1 == counts.length ? 0 : oldest + 1;
    underWay--;
    return count;
  }

  /** None is under way any more. */
  public void clear() {
    oldest = 0;
    underWay = 0;
  }
}
