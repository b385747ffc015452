package farslot.linux;

import static farslot.linux.Calls.INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Network namespaces (network_namespaces(7)): hosts of their own as far as sockets can tell. A
 * thread's namespace decides where the sockets are that it makes; threads that it starts are in the
 * same one. Needs CAP_SYS_ADMIN.
 */
public final class NetworkNamespace {
  private static final int CLONE_NEWNET = 0x4000_0000;
  private static final MethodHandle SETNS = Calls.handle("setns", INT, INT, INT);

  private NetworkNamespace() {}

  /**
   * Moves the calling thread, which must be a platform thread: a virtual one would take its carrier
   * along.
   *
   * @param path of a namespace: {@code /proc/PID/ns/net}, {@code /run/netns/NAME}
   */
  public static void enter(String path) throws ErrnoException {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a virtual thread cannot enter a namespace");
    }
    int fd = Fd.open(path, Fd.READ_ONLY, 0);
    try {
      Fd.check(setns(fd), "setns(" + path + ", CLONE_NEWNET)");
    } finally {
      Fd.close(fd);
    }
  }

  private static int setns(int fd) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) SETNS.invokeExact(state, fd, CLONE_NEWNET));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }
}
