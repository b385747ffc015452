package farslot.sim;

/** Something that will happen at a moment of virtual time, unless it is cancelled before. */
public final class Event implements Comparable<Event> {
  public final long atNs;
  final Runnable task;
  private final long serial;
  private boolean cancelled;

  Event(long atNs, long serial, Runnable task) {
    this.atNs = atNs;
    this.serial = serial;
    this.task = task;
  }

  public void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** By time; what was planned first happens first. */
  @Override
  public int compareTo(Event other) {
    int byTime = Long.compare(atNs, other.atNs);
    return byTime != 0 ? byTime : Long.compare(serial, other.serial);
  }
}
