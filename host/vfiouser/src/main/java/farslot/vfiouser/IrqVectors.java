package farslot.vfiouser;

import farslot.linux.ErrnoException;
import farslot.linux.EventFd;
import farslot.linux.Fd;
import java.util.Arrays;

/** The eventfds of one kind of interrupt, by vector. Owns them. */
final class IrqVectors {
  private static final int NONE = -1;

  private final int[] fds;

  /** Whether a descriptor blocks when it is full: then it is looked at before it is written. */
  private final boolean[] blocking;

  IrqVectors(int count) {
    fds = new int[count];
    blocking = new boolean[count];
    Arrays.fill(fds, NONE);
  }

  int count() {
    return fds.length;
  }

  boolean isArmed(int vector) {
    return fds[vector] != NONE;
  }

  /** Takes over a descriptor; the one before is closed. */
  void arm(int vector, int fd) throws ErrnoException {
    boolean blocks = !Fd.isNonBlocking(fd);
    disarm(vector);
    fds[vector] = fd;
    blocking[vector] = blocks;
  }

  void disarm(int vector) {
    if (fds[vector] != NONE) {
      Fd.close(fds[vector]);
      fds[vector] = NONE;
    }
  }

  void disarmAll() {
    for (int i = 0; i < fds.length; i++) {
      disarm(i);
    }
  }

  /** Signals a vector; false when nobody listens to it. */
  boolean signal(int vector) {
    if (vector < 0 || vector >= fds.length || fds[vector] == NONE) {
      return false;
    }
    try {
      if (blocking[vector]) {
        EventFd.signalUnlessFull(fds[vector]);
      } else {
        EventFd.signal(fds[vector]);
      }
      return true;
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }
}
