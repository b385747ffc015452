package farslot.backend;

/**
 * Whether durable writes come one at a time or many at once. One alone is best made durable by
 * itself: an fdatasync would also wait for whatever else has been written. Many at once are best
 * made durable together, by one fdatasync. From any thread.
 */
final class Crowd {
  private int underWay;

  /** Since it was empty, there has been more than one at a time. */
  private boolean met;

  /** The same, of the time before. */
  private boolean metBefore;

  /** Another one begins; whether it is alone, as those before it were. */
  synchronized boolean enter() {
    if (underWay == 0) {
      metBefore = met;
      met = false;
    } else {
      met = true;
    }
    return underWay++ == 0 && !metBefore;
  }

  /** One has ended. */
  synchronized void leave() {
    underWay--;
  }
}
