package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Tells that something has happened to a network interface (rtnetlink(7)): which and what is to be
 * asked of {@link NetInterface}, which knows it as it is now, also when messages were lost.
 */
public final class LinkEvents {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int NETLINK_ROUTE = 0;
  private static final int RTMGRP_LINK = 1;

  /** struct sockaddr_nl: family, padding, who (0: any), groups. */
  private static final int ADDRESS_BYTES = 12;

  private static final int MESSAGES_MAX = 64;
  private static final MemorySegment IGNORED = Arena.ofAuto().allocate(64);

  private LinkEvents() {}

  /** A descriptor that is ready to be read when something has happened. */
  public static int open() throws ErrnoException {
    int type = SOCK_RAW | Sockets.SOCK_FLAGS;
    int fd = Fd.check(SocketCalls.socket(AF_NETLINK, type, NETLINK_ROUTE), "socket(AF_NETLINK)");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ADDRESS_BYTES, Long.BYTES);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
      address.set(ValueLayout.JAVA_INT, 8, RTMGRP_LINK);
      Fd.check(SocketCalls.bind(fd, address.address(), ADDRESS_BYTES), "bind(RTMGRP_LINK)");
      return fd;
    } catch (ErrnoException e) {
      Fd.close(fd);
      throw e;
    }
  }

  /** Takes what is there, unread. There may be more after that: then it is ready still. */
  public static void drain(int fd) {
    for (int i = 0; i < MESSAGES_MAX; i++) {
      long result = SocketCalls.recv(fd, IGNORED.address(), IGNORED.byteSize(), 0);
      if (result == -Errno.EAGAIN) {
        return;
      }
    }
  }
}
