package farslot.initiator;

import farslot.api.agent.Load;
import farslot.fabric.RootPort;
import java.util.Map;

/** A function that this initiator shows, wherever its card is. On the data thread only. */
interface Holding {
  /** By which this server knows it. */
  String name();

  RootPort port();

  /** Whether the server's software can find it; from any thread. */
  boolean offered();

  /** What it has carried; counts only grow. */
  default Load load() {
    return Load.NONE;
  }

  /** For people who ask how things are. */
  Map<String, Object> facts();

  /** Takes the function from the server and gives it back. */
  void close(String cause);
}
