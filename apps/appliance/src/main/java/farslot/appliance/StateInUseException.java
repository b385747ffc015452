package farslot.appliance;

import java.io.IOException;
import java.nio.file.Path;

/** A state directory is used by another appliance. */
public final class StateInUseException extends IOException {
  private static final long serialVersionUID = 1;

  public StateInUseException(Path dir) {
    super(dir + " is in use by another appliance");
  }
}
