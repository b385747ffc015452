package farslot.backend;

/** Who has the kernel carry out operations on files while the agent thread does something else. */
interface Engine {
  /**
   * Carries out {@link Request#operation}, and whatever {@link FileStore#ended} says comes next. On
   * the agent thread, unless it is {@link Workers}.
   */
  void put(Request request);

  /**
   * Helps along until nothing of a store is under way here, if somebody has to; on the agent
   * thread, or when that has ended.
   */
  default void drain(FileStore store) {}
}
