package farslot.control;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.io.IOException;

/** Something that a process can be asked. On a virtual thread of the connection's own. */
public interface ControlCommand {
  /**
   * Answers once, by {@link ControlReply#accept} or {@link ControlReply#refuse}.
   *
   * @throws CardConfigException when the arguments are wrong; its message is the answer
   * @throws IOException when who asked has gone
   */
  void run(CardConfig arguments, ControlReply reply)
      throws CardConfigException, IOException, InterruptedException;
}
