package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.linux.ErrnoException;
import farslot.linux.EventFd;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import java.io.UncheckedIOException;

/**
 * INTx, a level that travels as events: VFIO's automasked interrupt. Signalling masks the line;
 * when the client unmasks it and the pin is still asserted, it is signalled again. An edge for each
 * event would end in the guest's "nobody cared".
 *
 * <p>The client unmasks by message, or by an eventfd that its kernel signals at the end of the
 * interrupt (resampling); masking has an eventfd too, for symmetry.
 */
final class IntxLine {
  private static final int NONE = -1;

  private final EventLoop loop;
  private final LocalFunction function;
  private final IrqVectors vectors;
  private final EventLoop.Handler onUnmask = ready -> onEvent(false);
  private final EventLoop.Handler onMask = ready -> onEvent(true);
  private boolean masked;
  private int unmaskFd = NONE;
  private int maskFd = NONE;

  IntxLine(EventLoop loop, LocalFunction function, IrqVectors vectors) {
    this.loop = loop;
    this.function = function;
    this.vectors = vectors;
  }

  /** The pin is asserted, or still is after unmasking. Returns whether somebody was told. */
  boolean onAsserted() {
    if (masked || !vectors.isArmed(0)) {
      return false;
    }
    // Masked first: signalling may be answered faster than this returns.
    mask(true);
    return vectors.signal(0);
  }

  void mask(boolean masked) {
    this.masked = masked;
    function.maskIntx(masked);
  }

  /** Somebody listens now: tells him if the pin has been asserted for a while. */
  void armed() {
    mask(false);
  }

  /** Takes over an eventfd that masks or unmasks when it is signalled. */
  void event(boolean masks, int fd) {
    forget(masks);
    if (masks) {
      maskFd = fd;
    } else {
      unmaskFd = fd;
    }
    loop.watch(fd, EventLoop.READ, masks ? onMask : onUnmask);
  }

  void forget(boolean masks) {
    int fd = masks ? maskFd : unmaskFd;
    if (fd == NONE) {
      return;
    }
    loop.unwatch(fd);
    Fd.close(fd);
    if (masks) {
      maskFd = NONE;
    } else {
      unmaskFd = NONE;
    }
  }

  void close() {
    forget(true);
    forget(false);
    masked = false;
  }

  private void onEvent(boolean masks) {
    try {
      if (EventFd.drain(masks ? maskFd : unmaskFd)) {
        mask(masks);
      }
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
  }
}
