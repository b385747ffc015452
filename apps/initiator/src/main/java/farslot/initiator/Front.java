package farslot.initiator;

import farslot.fabric.LocalFunction;
import java.io.IOException;

/** What shows a function to a server's software; closing it takes that away. */
public interface Front extends AutoCloseable {
  @Override
  void close();

  /** Shows it to nobody else; who uses it keeps what is left of it, a card that is gone. */
  default void retire() {
    close();
  }

  /** Makes fronts, one for each function whose card has been brought up for the first time. */
  interface Factory {
    /**
     * On the data thread.
     *
     * @throws IOException when it cannot be offered, for example for want of a socket
     */
    Front open(LocalFunction function, InitiatorConfig.Function wanted) throws IOException;
  }
}
