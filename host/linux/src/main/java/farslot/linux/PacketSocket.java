package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Raw Ethernet (packet(7)): packets with their Ethernet header, at one interface. Sockets are
 * non-blocking and close-on-exec. Needs CAP_NET_RAW. An interface that goes down shows once as
 * {@link Errno#ENETDOWN} when it is read from.
 */
public final class PacketSocket {
  /** EtherType of all packets, as this is numbered here alone. */
  public static final int ALL = 0x0003;

  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW = 3;
  private static final int SOL_PACKET = 263;
  private static final int PACKET_ADD_MEMBERSHIP = 1;
  private static final int PACKET_STATISTICS = 6;
  private static final int PACKET_AUXDATA = 8;
  private static final int PACKET_VNET_HDR = 15;
  private static final int PACKET_IGNORE_OUTGOING = 23;
  private static final int MR_MULTICAST = 0;
  private static final int MR_PROMISC = 1;

  /** struct sockaddr_ll: family, EtherType (big-endian), interface, ... */
  private static final int ADDRESS_BYTES = 20;

  /** struct packet_mreq: interface, type, length of the address, address. */
  private static final int MEMBERSHIP_BYTES = 16;

  /** struct tpacket_stats: packets, drops. */
  private static final int STATISTICS_BYTES = 8;

  private static final ValueLayout.OfShort NETWORK_SHORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  /** See {@link #close}. Its thread ends when nothing has been closed for a while. */
  private static final ThreadPoolExecutor CLOSER = closer();

  private PacketSocket() {}

  /**
   * Opens a socket at an interface; not one packet gets in that the filter refuses.
   *
   * @param etherType what comes in; {@link #ALL} when VLAN tags are to be seen
   * @throws ErrnoException {@link Errno#EPERM} without CAP_NET_RAW
   */
  public static int open(NetInterface at, int etherType, PacketFilter filter)
      throws ErrnoException {
    int type = SOCK_RAW | Sockets.SOCK_FLAGS;
    // Protocol 0: nothing comes in before the filter stands.
    int fd = Fd.check(SocketCalls.socket(AF_PACKET, type, 0), "socket(AF_PACKET)");
    try (Arena arena = Arena.ofConfined()) {
      SocketOptions.set(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
      filter(fd, filter);
      MemorySegment address = arena.allocate(ADDRESS_BYTES, Long.BYTES);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
      address.set(NETWORK_SHORT, 2, (short) etherType);
      address.set(ValueLayout.JAVA_INT, 4, at.index());
      int result = SocketCalls.bind(fd, address.address(), ADDRESS_BYTES);
      Fd.check(result, "bind(" + at.name() + ", 0x" + Integer.toHexString(etherType) + ")");
      return fd;
    } catch (ErrnoException e) {
      close(fd);
      throw e;
    }
  }

  /** Puts another filter in the place of the one that is there, between two packets. */
  public static void filter(int fd, PacketFilter filter) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment program = filter.program(arena);
      // struct sock_fprog: u16 length, then, aligned, where it is.
      MemorySegment attach = arena.allocate(16, Long.BYTES);
      attach.set(ValueLayout.JAVA_SHORT, 0, (short) PacketFilter.instructions(program));
      attach.set(ValueLayout.JAVA_LONG, 8, program.address());
      int result =
          SocketCalls.setsockopt(
              fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_ATTACH_FILTER, attach.address(), 16);
      Fd.check(result, "setsockopt(" + fd + ", SO_ATTACH_FILTER)");
    }
  }

  /** Has the interface take in what is sent to a group, until the socket is closed. */
  public static void join(int fd, NetInterface at, MacAddress group) throws ErrnoException {
    member(fd, at, MR_MULTICAST, group);
  }

  /** Has the interface take in everything, until the socket is closed. */
  public static void promiscuous(int fd, NetInterface at) throws ErrnoException {
    member(fd, at, MR_PROMISC, new MacAddress(0));
  }

  private static void member(int fd, NetInterface at, int type, MacAddress group)
      throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment membership = arena.allocate(MEMBERSHIP_BYTES, Long.BYTES);
      membership.set(ValueLayout.JAVA_INT, 0, at.index());
      membership.set(ValueLayout.JAVA_SHORT, 4, (short) type);
      membership.set(ValueLayout.JAVA_SHORT, 6, (short) MacAddress.BYTES);
      group.write(membership, 8);
      int result =
          SocketCalls.setsockopt(
              fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership.address(), MEMBERSHIP_BYTES);
      Fd.check(
          result, "setsockopt(" + fd + ", PACKET_ADD_MEMBERSHIP, " + type + ", " + group + ")");
    }
  }

  /**
   * From now on a {@link VirtioNetHeader} stands before each packet, received or sent: what is left
   * to be done to it.
   */
  public static void virtioNetHeader(int fd) throws ErrnoException {
    SocketOptions.set(fd, SOL_PACKET, PACKET_VNET_HDR, 1);
  }

  /** From now on {@link PacketsIn#tag} knows the VLAN tags that Linux takes out of packets. */
  public static void tags(int fd) throws ErrnoException {
    SocketOptions.set(fd, SOL_PACKET, PACKET_AUXDATA, 1);
  }

  /**
   * Sets the priority of what is sent (SO_PRIORITY): which queue of the interface it waits in.
   *
   * @param priority 0 to 6; 7 with CAP_NET_ADMIN
   */
  public static void priority(int fd, int priority) throws ErrnoException {
    SocketOptions.set(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_PRIORITY, priority);
  }

  /** Packets that the kernel dropped for want of room in the receive buffer, since last asked. */
  public static long drops(int fd) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment statistics =
          SocketOptions.get(arena, fd, SOL_PACKET, PACKET_STATISTICS, STATISTICS_BYTES);
      return Integer.toUnsignedLong(statistics.get(ValueLayout.JAVA_INT, 4));
    }
  }

  /**
   * Closes, on another thread: the kernel waits there until no processor handles a packet for the
   * socket any more, which takes it 10 ms and more.
   */
  public static void close(int fd) {
    CLOSER.execute(() -> Fd.close(fd));
  }

  /** Sockets that are being closed: somebody who makes them must not be faster for long. */
  public static int closing() {
    return CLOSER.getQueue().size();
  }

  private static ThreadPoolExecutor closer() {
    ThreadPoolExecutor closer =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("packet-closer").daemon().factory());
    closer.allowCoreThreadTimeOut(true);
    return closer;
  }
}
