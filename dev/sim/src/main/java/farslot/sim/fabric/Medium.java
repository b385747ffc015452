package farslot.sim.fabric;

/** What a function's card keeps, over all crashes of its appliance. */
final class Medium {
  private boolean written;

  /** Some server reaches it: it may have written. */
  void reached() {
    written = true;
  }

  void sanitised() {
    written = false;
  }

  /** Whether a former server's data may be on it. */
  boolean isWritten() {
    return written;
  }
}
