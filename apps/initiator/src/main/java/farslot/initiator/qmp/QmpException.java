package farslot.initiator.qmp;

import java.io.IOException;

/** QEMU has refused a command. */
public final class QmpException extends IOException {
  private static final long serialVersionUID = 1L;

  /** QEMU's own name for the kind of error, such as {@code DeviceNotFound}. */
  private final String kind;

  /**
   * @param kind QEMU's {@code class}
   * @param text what was asked, and QEMU's {@code desc}
   */
  QmpException(String kind, String text) {
    super(text);
    this.kind = kind;
  }

  public String kind() {
    return kind;
  }
}
