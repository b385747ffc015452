package farslot.bench.path;

/** A load on the path for a time. Runs on the data thread and allocates nothing while it does. */
public interface Run {
  /**
   * Begins, on the data thread.
   *
   * @param finished called there when the time is over and nothing is under way
   */
  void start(Runnable finished);

  /** What was done; when it has finished. */
  Sample sample();
}
