package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.linux.ErrnoException;
import farslot.linux.EventFd;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/**
 * INTx, a level that travels as events: VFIO's automasked interrupt. Signalling masks the line;
 * when the client unmasks it and the pin is still asserted, it is signalled again. An edge for each
 * event would end in the guest's "nobody cared".
 *
 * <p>The card is far away: when the client unmasks, its last writes (those that made the card lower
 * the pin) may not have arrived, let alone the answer. So unmasking first reads from the card: the
 * read pushes the writes before it, and its completion the card's Deassert_INTx (PCIe 2.4.1). An
 * interrupt too many would not be harmless: a guest that finds nothing to do touches no register,
 * and without that QEMU never ends the interrupt.
 *
 * <p>The client unmasks by message, or by an eventfd that its kernel signals at the end of the
 * interrupt (resampling); masking has an eventfd too, for symmetry.
 */
final class IntxLine implements LocalFunction.ReadDone {
  private static final int NONE = -1;

  /** Command and Status: there in every function, and reading it has no effect. */
  private static final int STATUS_AT = 4;

  private static final int STATUS_BYTES = 4;

  private final EventLoop loop;
  private final LocalFunction function;
  private final IrqVectors vectors;
  private final EventLoop.Handler onUnmask = ready -> onEvent(false);
  private final EventLoop.Handler onMask = ready -> onEvent(true);
  private final Runnable maskNow = () -> onEventTurn(true);
  private final Runnable unmaskNow = () -> onEventTurn(false);
  private boolean masked;
  private int unmaskFd = NONE;
  private int maskFd = NONE;

  /** Tells the read of the last unmasking from earlier ones. */
  private long serial;

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
    masked = true;
    function.maskIntx(true);
    return vectors.signal(0);
  }

  void mask(boolean masks) {
    serial++;
    if (masks) {
      masked = true;
      function.maskIntx(true);
    } else {
      masked = true; // until the card's own state is known
      function.read(LocalFunction.REGION_CONFIG, STATUS_AT, STATUS_BYTES, this, serial);
    }
  }

  /** Everything the card had to say before is here. */
  @Override
  public void done(long cookie, MemorySegment data, long offset, int bytes) {
    if (cookie == serial) {
      masked = false;
      function.maskIntx(false);
    }
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
    serial++;
    masked = false;
  }

  private void onEventTurn(boolean masks) {
    if ((masks ? maskFd : unmaskFd) != NONE) {
      mask(masks);
    }
  }

  private void onEvent(boolean masks) {
    try {
      if (EventFd.drain(masks ? maskFd : unmaskFd)) {
        // In the next turn: accesses before the end of the interrupt came by the socket, in this.
        loop.execute(masks ? maskNow : unmaskNow);
      }
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
  }
}
