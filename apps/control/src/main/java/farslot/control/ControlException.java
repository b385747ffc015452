package farslot.control;

import java.io.IOException;

/** A process that was asked said no; the message says why. */
public final class ControlException extends IOException {
  public ControlException(String message) {
    super(message);
  }
}
