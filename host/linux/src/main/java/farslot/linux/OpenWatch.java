package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Tells when somebody opens a file (inotify(7)). */
public final class OpenWatch implements AutoCloseable {
  private static final int FLAGS = 0x800 | 0x80000;
  private static final int IN_OPEN = 0x20;

  /** Room for many events; what they say is known: there is but one file. */
  private static final int BUFFER_BYTES = 4096;

  private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);
  private final int fd;

  public OpenWatch(String path) throws ErrnoException {
    fd = Fd.check(PollCalls.inotifyInit(FLAGS), "inotify_init1");
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(path).address();
      Fd.check(PollCalls.inotifyAddWatch(fd, name, IN_OPEN), "inotify_add_watch(" + path + ")");
    } catch (ErrnoException e) {
      Fd.close(fd);
      throw e;
    }
  }

  /** Readable when the file has been opened. */
  public int fd() {
    return fd;
  }

  /** Whether it has been opened since the last call. */
  public boolean drain() throws ErrnoException {
    boolean any = false;
    while (Fd.read(fd, buffer, 0, BUFFER_BYTES) > 0) {
      any = true;
    }
    return any;
  }

  @Override
  public void close() {
    Fd.close(fd);
  }
}
