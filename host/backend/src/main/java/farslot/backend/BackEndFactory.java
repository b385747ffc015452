package farslot.backend;

import farslot.function.BackEnds;
import farslot.function.BlockStore;
import farslot.function.Calls;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardUnavailableException;
import farslot.function.DatagramPorts;
import farslot.function.EthernetPort;
import farslot.function.ForeignDevice;
import farslot.function.SerialLine;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.HostPort;
import farslot.vfiouser.client.DeviceClient;
import farslot.vfiouser.client.DeviceClientOptions;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the stores that configurations describe, and owns the threads behind them. One for an
 * appliance; close it after the cards have been unplugged.
 */
public final class BackEndFactory implements BackEnds, AutoCloseable {
  /** Where datagram ports are, unless told otherwise: nothing leaves the machine. */
  private static final String LOCAL = "127.0.0.2";

  private static final String REMOTE = "127.0.0.1";

  /** Threads that wait for media, unless told otherwise. */
  public static final int WORKERS = 4;

  /** What Linux takes, with the zero that ends it and a directory's {@code /cntrl}. */
  private static final int SOCKET_PATH_BYTES_MAX = 100;

  /** What libvfio-user takes at most, and in what units SPDK does. */
  private static final long MIRROR_BYTES_MAX = 8L << 40;

  private static final long MIRROR_UNIT_BYTES = 2 << 20;

  private final FileStores files;

  /** Null where there is none: then neither datagrams nor io_uring can be had. */
  private final EventLoop loop;

  private final List<UdpPorts> ports = new ArrayList<>();
  private final List<HostEthernet> ethernets = new ArrayList<>();
  private final List<TcpCalls> calls = new ArrayList<>();
  private final List<SerialLine> lines = new ArrayList<>();

  public BackEndFactory() {
    this(WORKERS);
  }

  /**
   * @param loop on which the cards live
   */
  public BackEndFactory(EventLoop loop) {
    this(WORKERS, loop);
  }

  /**
   * @param workers how many requests may wait for media at once, 1 to 64
   */
  public BackEndFactory(int workers) {
    this(workers, null);
  }

  private BackEndFactory(int workers, EventLoop loop) {
    this.loop = loop;
    if (workers < 1 || workers > 64) {
      throw new IllegalArgumentException("workers " + workers);
    }
    files = new FileStores(workers, loop, KernelRing::new);
  }

  @Override
  public BlockStore block(CardConfig config) throws CardConfigException {
    boolean file = config.has("file");
    if (file == config.has("ram")) {
      throw new CardConfigException(
          config.where() + ": say either 'file: PATH' or 'ram: SIZE', such as 'ram: 512MiB'");
    }
    return file ? files.open(FileConfig.read(config)) : ram(config);
  }

  @Override
  public DatagramPorts datagrams(CardConfig config, int[] numbers, int answering, int bytesMax)
      throws CardConfigException {
    InetAddress local = address(config, "local", LOCAL);
    InetAddress remote = address(config, "remote", REMOTE);
    if (local.equals(remote)) {
      throw config.wrong("remote", "another address than 'local': both ends use the same ports");
    }
    if (loop == null) {
      return BackEnds.super.datagrams(config, numbers, answering, bytesMax);
    }
    try {
      UdpPorts opened = new UdpPorts(loop, local, remote, numbers, answering, bytesMax);
      ports.add(opened);
      return opened;
    } catch (ErrnoException e) {
      throw new CardUnavailableException(
          config.where()
              + ": "
              + e.getMessage()
              + "; 'local' should be an address of this machine that no other program uses for"
              + " NetTLP");
    }
  }

  @Override
  public Calls calls(CardConfig config) throws CardConfigException {
    HostPort at = null;
    if (config.has("listen")) {
      at =
          HostPort.parse(config.string("listen"))
              .orElseThrow(
                  () ->
                      config.wrong(
                          "listen", "an address and a port of this machine: 127.0.0.1:7600"));
    }
    if (loop == null) {
      return BackEnds.super.calls(config);
    }
    try {
      TcpCalls opened = new TcpCalls(loop, at == null ? null : listenAddress(config, at));
      calls.add(opened);
      return opened;
    } catch (ErrnoException e) {
      throw new CardUnavailableException(
          config.where()
              + ": "
              + e.getMessage()
              + "; 'listen' should be an address of this machine with a port that is free");
    }
  }

  @Override
  public ForeignDevice foreignDevice(CardConfig config) throws CardConfigException {
    String path = config.string("socket");
    if (path.isEmpty() || path.getBytes(StandardCharsets.UTF_8).length > SOCKET_PATH_BYTES_MAX) {
      throw config.wrong(
          "socket", "the path of a unix socket, at most " + SOCKET_PATH_BYTES_MAX + " bytes long");
    }
    if (loop == null) {
      return BackEnds.super.foreignDevice(config);
    }
    long mirrorBytes = config.size("mirror", 0);
    if (mirrorBytes < 0 || mirrorBytes > MIRROR_BYTES_MAX || mirrorBytes % MIRROR_UNIT_BYTES != 0) {
      throw config.wrong("mirror", "a multiple of 2MiB, at most 8TiB, such as 64GiB");
    }
    DeviceClientOptions options = DeviceClientOptions.defaults().withMirrorBytes(mirrorBytes);
    return new DeviceClient(loop, Path.of(path), options);
  }

  @Override
  public SerialLine serial(CardConfig config) throws CardConfigException {
    if (loop == null) {
      return BackEnds.super.serial(config);
    }
    SerialLine line = new SerialLines(this, loop).open(config);
    lines.add(line);
    return line;
  }

  @Override
  public EthernetPort ethernet(CardConfig config) throws CardConfigException {
    HostEthernets.check(config);
    if (loop == null) {
      return BackEnds.super.ethernet(config);
    }
    HostEthernet opened = HostEthernets.open(loop, config);
    ethernets.add(opened);
    return opened;
  }

  private static InetSocketAddress listenAddress(CardConfig config, HostPort at)
      throws CardConfigException {
    if (at.host().isEmpty()) {
      return new InetSocketAddress(at.port());
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(at.host()), at.port());
    } catch (UnknownHostException e) {
      throw config.wrong("listen", "an address of this machine; its name leads nowhere");
    }
  }

  private static InetAddress address(CardConfig config, String key, String otherwise)
      throws CardConfigException {
    try {
      InetAddress address = Inet4Address.ofLiteral(config.string(key, otherwise));
      if (!address.isAnyLocalAddress() && !address.isMulticastAddress()) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the same advice.
    }
    throw config.wrong(key, "the IPv4 address of one machine, such as 192.168.10.1");
  }

  private static BlockStore ram(CardConfig config) throws CardConfigException {
    long bytes = config.size("ram", 0);
    if (bytes <= 0 || bytes > RamStore.SIZE_BYTES_MAX) {
      throw config.wrong("ram", "a size above 0, at most 1TiB");
    }
    return new RamStore(bytes);
  }

  /** Ends the threads, when what they are doing is done. */
  @Override
  public void close() {
    files.close();
    ports.forEach(UdpPorts::release);
    ethernets.forEach(HostEthernet::release);
    calls.forEach(TcpCalls::release);
    lines.forEach(SerialLine::close);
  }
}
