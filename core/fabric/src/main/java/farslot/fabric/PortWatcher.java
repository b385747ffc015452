package farslot.fabric;

/** Who put a root port there and wants to know whether a card is behind it. On its thread. */
public interface PortWatcher {
  /** The card has been brought up and can be used. */
  void onPresent(RootPort port);

  /** It is gone, or could not be brought up; whoever attached it may try again. */
  void onAbsent(RootPort port, String cause);

  /** The function's guide has failed and is not asked any more. I/O goes on, more slowly. */
  default void onGuideFailed(RootPort port, String guide, Throwable cause) {}
}
