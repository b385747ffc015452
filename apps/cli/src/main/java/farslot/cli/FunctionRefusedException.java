package farslot.cli;

import farslot.link.AttachRefusal;
import java.io.IOException;

/** An appliance does not give a function away. */
final class FunctionRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final AttachRefusal code;

  FunctionRefusedException(AttachRefusal code, String why) {
    super(why);
    this.code = code;
  }

  /** Whether somebody else has it. */
  boolean held() {
    return code == AttachRefusal.HELD;
  }
}
