package farslot.initiator;

import farslot.fabric.LocalFunction;
import farslot.function.Agent;
import farslot.linux.EventLoop;
import java.util.function.Consumer;

/** Fronts for the software root complex: the functions are used in this process. */
public final class Unattended implements Initiator.FrontsOnLoop {
  private final Consumer<LocalFunction> seen;

  /**
   * @param seen told of each function that can be used, on the data thread
   */
  public Unattended(Consumer<LocalFunction> seen) {
    this.seen = seen;
  }

  @Override
  public Front.Factory on(EventLoop loop, Agent agent) {
    return (function, wanted) -> {
      seen.accept(function);
      return () -> {};
    };
  }
}
