package farslot.linux;

import java.io.IOException;

/** A system call failed: which one, with what, and why. */
public final class ErrnoException extends IOException {
  private static final long serialVersionUID = 1;
  private final int errno;

  /**
   * @param call the call with its arguments, for example {@code connect(/run/x.sock)}
   * @param errno Linux's number
   */
  public ErrnoException(String call, int errno) {
    super(call + ": " + Errno.describe(errno));
    this.errno = errno;
  }

  /** Linux's error number. */
  public int errno() {
    return errno;
  }
}
