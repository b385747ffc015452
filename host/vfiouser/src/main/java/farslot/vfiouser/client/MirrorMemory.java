package farslot.vfiouser.client;

import farslot.function.ForeignDevice;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.Mapping;
import farslot.linux.MemFd;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/**
 * Memory for a server that insists on mapping its client's. Sparse: it takes no more than has been
 * written since it was last cleared.
 */
final class MirrorMemory implements ForeignDevice.Mirror {
  private final EventLoop loop;
  private final long sizeBytes;
  private final EventLoop.Poller poller;
  private final int fd;
  private final Mapping mapping;
  private boolean watched;

  MirrorMemory(EventLoop loop, long sizeBytes, EventLoop.Poller poller) throws ErrnoException {
    this.loop = loop;
    this.sizeBytes = sizeBytes;
    this.poller = poller;
    fd = MemFd.create("farslot-mirror", sizeBytes);
    try {
      MemFd.seal(fd, MemFd.SEAL_SHRINK | MemFd.SEAL_GROW);
      mapping = Mapping.confined(fd, 0, sizeBytes, true);
    } catch (ErrnoException e) {
      Fd.close(fd);
      throw e;
    }
  }

  int fd() {
    return fd;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public MemorySegment memory() {
    return mapping.segment();
  }

  @Override
  public void watch(boolean on) {
    if (on != watched) {
      watched = on;
      if (on) {
        loop.addPoller(poller);
      } else {
        loop.removePoller(poller);
      }
    }
  }

  @Override
  public void clear() {
    try {
      MemFd.clear(fd, sizeBytes);
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
  }

  void close() {
    watch(false);
    mapping.close();
    Fd.close(fd);
  }
}
