package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardUnavailableException;
import farslot.function.EthernetPort;
import farslot.linux.EventLoop;
import farslot.linux.NetInterface;
import farslot.linux.PacketFilter;
import farslot.linux.PacketSocket;
import farslot.linux.PacketsIn;
import farslot.linux.PacketsOut;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * TAP devices and interfaces against Linux's own network stack: what goes through two of our ports
 * must be good enough for its TCP at both ends, and in between is looked at frame by frame.
 */
class HostEthernetTest {
  private static final int MIB = 1 << 20;

  private final List<AutoCloseable> open = new ArrayList<>();
  private NetHost middle;
  private EventLoop loop;
  private BackEndFactory factory;

  /** What came by a port, in hex, and how its carrier was. */
  private static final class Seen implements EthernetPort.Receiver {
    final LinkedBlockingQueue<String> frames = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Boolean> carriers = new LinkedBlockingQueue<>();

    @Override
    public void onFrame(MemorySegment frame, long offset, int bytes) {
      byte[] copy = frame.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
      frames.add(HexFormat.of().formatHex(copy));
    }

    @Override
    public void onCarrier(boolean up) {
      carriers.add(up);
    }

    void await(boolean carrier) throws InterruptedException {
      Boolean last = null;
      while (last == null || last != carrier) {
        last = carriers.poll(120, TimeUnit.SECONDS);
        assertThat(last).as("a carrier, sooner or later").isNotNull();
      }
    }

    String frame(String beginning) throws InterruptedException {
      while (true) {
        String frame = frames.poll(120, TimeUnit.SECONDS);
        assertThat(frame).as("a frame " + beginning).isNotNull();
        if (frame.startsWith(beginning)) {
          return frame;
        }
      }
    }
  }

  /** Passes on to another port, and looks whether frames are as long as they may be. */
  private static final class Relay implements EthernetPort.Receiver {
    final EthernetPort to;
    volatile int longest;
    volatile int frames;

    Relay(EthernetPort to) {
      this.to = to;
    }

    @Override
    public void onFrame(MemorySegment frame, long offset, int bytes) {
      longest = Math.max(longest, bytes);
      frames = frames + 1;
      to.send(frame, offset, bytes);
    }

    @Override
    public void onCarrier(boolean up) {
      assert up || !up;
    }
  }

  private void host() throws Exception {
    middle = keep(NetHost.make());
    loop = new EventLoop("ethernet", 0);
    factory = new BackEndFactory(loop);
    open.add(0, loop);
    open.add(factory);
    middle.call(loop::start);
  }

  private <T extends AutoCloseable> T keep(T what) {
    open.add(what);
    return what;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private EthernetPort port(String kind, String name) throws Exception {
    return port(Map.of(kind, name));
  }

  private EthernetPort port(Map<String, ?> values) throws Exception {
    return middle.call(
        () -> {
          CardConfig config = new CardConfig("uplink", values);
          EthernetPort made = factory.ethernet(config);
          config.finish();
          return made;
        });
  }

  private <T> T onLoop(Callable<T> what) throws Exception {
    LinkedBlockingQueue<Object> answer = new LinkedBlockingQueue<>();
    loop.execute(
        () -> {
          try {
            answer.add(what.call());
          } catch (Throwable t) {
            answer.add(t);
          }
        });
    Object got = answer.poll(120, TimeUnit.SECONDS);
    if (got instanceof Throwable t) {
      throw new AssertionError(t);
    }
    @SuppressWarnings("unchecked")
    T value = (T) got;
    return value;
  }

  private void begin(EthernetPort port, EthernetPort.Receiver to) throws Exception {
    onLoop(
        () -> {
          port.open(to);
          return true;
        });
  }

  private boolean send(EthernetPort port, String hex) throws Exception {
    byte[] bytes = HexFormat.of().parseHex(hex);
    MemorySegment frame = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    return onLoop(() -> port.send(frame, 0, bytes.length));
  }

  private static void awaitLink(NetHost host, String name) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!host.call(() -> NetInterface.of(name).running())) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(5);
    }
  }

  /** A MiB and more there and back, by TCP. */
  private void talk(NetHost a, NetHost b, String address) throws Exception {
    byte[] there = new byte[2 * MIB];
    new Random(1).nextBytes(there);
    ServerSocket listener =
        keep(b.call(() -> new ServerSocket(0, 1, InetAddress.getByName(address))));
    Thread echo =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try (Socket s = listener.accept()) {
                    byte[] all = s.getInputStream().readNBytes(there.length);
                    s.getOutputStream().write(all);
                  } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                  }
                });
    byte[] back =
        a.call(
            () -> {
              try (Socket s = new Socket()) {
                s.connect(new InetSocketAddress(address, listener.getLocalPort()), 20_000);
                s.setSoTimeout(60_000);
                OutputStream out = s.getOutputStream();
                Thread.ofPlatform().daemon().start(() -> write(out, there));
                InputStream in = s.getInputStream();
                return in.readNBytes(there.length);
              }
            });
    echo.join();
    assertThat(Arrays.equals(back, there)).isTrue();
  }

  private static void write(OutputStream out, byte[] bytes) {
    try {
      out.write(bytes);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void linuxTalksToLinuxThroughTwoInterfacesOfOurs() throws Exception {
    host();
    NetHost a = keep(NetHost.make());
    NetHost b = keep(NetHost.make());
    middle.cable("mid-a", a, "eth0");
    middle.cable("mid-b", b, "eth0");
    a.ip("address add 10.9.0.1/24 dev eth0");
    b.ip("address add 10.9.0.2/24 dev eth0");
    a.ip("address add fd09::1/64 dev eth0 nodad");
    b.ip("address add fd09::2/64 dev eth0 nodad");
    awaitLink(middle, "mid-a");
    awaitLink(middle, "mid-b");
    EthernetPort toA = port("interface", "mid-a");
    EthernetPort toB = port("interface", "mid-b");
    Relay fromA = new Relay(toB);
    Relay fromB = new Relay(toA);
    begin(toA, fromA);
    begin(toB, fromB);
    talk(a, b, "10.9.0.2");
    talk(b, a, "fd09::1");
    assertThat(fromA.longest).isEqualTo(1514);
    assertThat(fromB.longest).isEqualTo(1514);
    assertThat(fromA.frames).isGreaterThan(2 * 2 * MIB / 1514);
  }

  @Test
  void linuxTalksToLinuxFromTapToInterface() throws Exception {
    host();
    NetHost b = keep(NetHost.make());
    middle.cable("mid-b", b, "eth0");
    b.ip("address add 10.9.0.2/24 dev eth0");
    b.ip("link set eth0 mtu 9000");
    middle.ip("link set mid-b mtu 9000");
    awaitLink(middle, "mid-b");
    EthernetPort tap = port(Map.of("tap", "tap0", "mtu", 9000));
    middle.ip("address add 10.9.0.1/24 dev tap0");
    EthernetPort toB = port("interface", "mid-b");
    Relay fromTap = new Relay(toB);
    Relay fromB = new Relay(tap);
    begin(tap, fromTap);
    begin(toB, fromB);
    talk(middle, b, "10.9.0.2");
    assertThat(fromTap.longest).as("jumbo frames").isEqualTo(9014);
    assertThat(fromB.longest).isEqualTo(9014);
  }

  @Test
  void framesAndTagsComeAsTheyWereSentAndOnesOwnDoNotComeBack() throws Exception {
    host();
    NetHost a = keep(NetHost.make());
    middle.cable("mid-a", a, "eth0");
    awaitLink(middle, "mid-a");
    awaitLink(a, "eth0");
    EthernetPort port = port("interface", "mid-a");
    Seen seen = new Seen();
    begin(port, seen);
    seen.await(true);
    String addresses = "020000000002" + "020000000001";
    String frame = addresses + "88b5" + "0102030405060708";
    String tagged = addresses + "81006064" + "88b5" + "11".repeat(100);
    MemorySegment header = Arena.ofAuto().allocate(14);
    PacketsOut out = new PacketsOut(1, header);
    int raw =
        a.call(
            () -> PacketSocket.open(NetInterface.of("eth0"), PacketSocket.ALL, new PacketFilter()));
    for (String each : List.of(frame, tagged)) {
      byte[] bytes = HexFormat.of().parseHex(each);
      MemorySegment.copy(bytes, 0, header, ValueLayout.JAVA_BYTE, 0, 14);
      MemorySegment body =
          Arena.ofAuto()
              .allocateFrom(ValueLayout.JAVA_BYTE, Arrays.copyOfRange(bytes, 14, bytes.length));
      out.clear();
      out.add(body, 0, body.byteSize());
      assertThat(out.send(raw)).isEqualTo(1);
      assertThat(seen.frame(addresses)).isEqualTo(each);
    }
    // And the other way; what we send does not come back to us.
    PacketsIn in = new PacketsIn(1, 70_000, true);
    PacketSocket.tags(raw);
    assertThat(send(port, addresses + "88b5" + "22".repeat(60))).isTrue();
    assertThat(send(port, addresses + "8100a005" + "88b5" + "33".repeat(60))).isTrue();
    assertThat(receive(in, raw)).isEqualTo(addresses + "88b5" + "22".repeat(60));
    assertThat(receive(in, raw)).isEqualTo(addresses + "88b5" + "33".repeat(60));
    assertThat(in.tag(0)).isEqualTo(0x8100_A005);
    assertThat(send(port, addresses)).as("no frame").isFalse();
    assertThat(send(port, addresses + "88b5" + "00".repeat(1505))).as("too long").isFalse();
    assertThat(seen.frames).noneMatch(f -> f.startsWith(addresses));
    PacketSocket.close(raw);
  }

  private static String receive(PacketsIn in, int socket) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (System.nanoTime() < end) {
      if (in.receive(socket) == 1) {
        byte[] bytes =
            in.segment().asSlice(in.offset(0), in.bytes(0)).toArray(ValueLayout.JAVA_BYTE);
        String hex = HexFormat.of().formatHex(bytes);
        if (hex.startsWith("020000000002")) {
          return hex;
        }
      }
      Thread.sleep(1);
    }
    throw new AssertionError("nothing came");
  }

  @Test
  void carriersComeAndGoWithTheDevice() throws Exception {
    host();
    NetHost a = keep(NetHost.make());
    middle.cable("mid-a", a, "eth0");
    awaitLink(middle, "mid-a");
    EthernetPort cable = port("interface", "mid-a");
    EthernetPort tap = port("tap", "tap0");
    Seen byCable = new Seen();
    Seen byTap = new Seen();
    begin(cable, byCable);
    begin(tap, byTap);
    byCable.await(true);
    byTap.await(true);
    a.ip("link set eth0 down");
    byCable.await(false);
    assertThat(send(cable, "ff".repeat(6) + "020000000001" + "88b5")).isFalse();
    a.ip("link set eth0 up");
    byCable.await(true);
    middle.ip("link set tap0 down");
    byTap.await(false);
    assertThat(send(tap, "ff".repeat(6) + "020000000001" + "88b5")).isFalse();
    middle.ip("link set tap0 up");
    byTap.await(true);
    // The interface is taken away, and another of its name comes.
    middle.ip("link delete mid-a");
    byCable.await(false);
    middle.cable("mid-a", a, "eth0");
    byCable.await(true);
    byCable.frames.clear();
    awaitLink(a, "eth0");
    a.ip("address add 10.9.0.2/24 dev eth0");
    a.ip("neighbour add 10.9.0.1 lladdr 02:00:00:00:00:09 dev eth0");
    a.call(
        () -> {
          try (java.net.DatagramSocket s = new java.net.DatagramSocket()) {
            s.send(
                new java.net.DatagramPacket(new byte[3], 3, InetAddress.getByName("10.9.0.1"), 9));
          }
          return true;
        });
    assertThat(byCable.frame("020000000009")).contains("0800");
  }

  @Test
  void whatCannotBeHadIsSaidSo() throws Exception {
    host();
    assertThatThrownBy(() -> port("interface", "nothere"))
        .isInstanceOf(CardUnavailableException.class)
        .hasMessageContaining("uplink")
        .hasMessageContaining("nothere");
    assertThatThrownBy(() -> port("interface", "lo"))
        .isInstanceOf(CardConfigException.class)
        .hasMessageContaining("Ethernet");
    assertThatThrownBy(() -> port("tap", "a-name-that-is-too-long"))
        .isInstanceOf(CardUnavailableException.class);
    assertThatThrownBy(() -> port(Map.of("tap", "t", "interface", "i")))
        .hasMessageContaining("either");
    assertThatThrownBy(() -> port(Map.of())).hasMessageContaining("either");
    assertThatThrownBy(() -> port(Map.of("tap", "t", "mut", 9000))).hasMessageContaining("mut");
    assertThatThrownBy(() -> port(Map.of("interface", "i", "mtu", 1500)))
        .hasMessageContaining("mtu");
    EthernetPort tap = port("tap", "tap0");
    assertThatThrownBy(() -> port("tap", "tap0"))
        .isInstanceOf(CardUnavailableException.class)
        .hasMessageContaining("tap0");
    tap.close();
    assertThat(port("tap", "tap0")).hasToString("tap tap0");
    assertThatThrownBy(() -> new BackEndFactory().ethernet(new CardConfig("x", Map.of("tap", "t"))))
        .isInstanceOf(CardUnavailableException.class);
  }
}
