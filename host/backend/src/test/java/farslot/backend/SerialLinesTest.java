package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardUnavailableException;
import farslot.function.SerialLine;
import farslot.function.SerialSettings;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.PseudoTerminal;
import farslot.linux.Terminal;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines against programs at their other end: pseudo-terminals and loopback. */
class SerialLinesTest {
  private static final long PATIENCE_NS = 120_000_000_000L;
  private static final String ALL = "cts dsr dcd ";

  private final EventLoop loop = new EventLoop("lines", 0);
  private final LoopPort port = new LoopPort(loop);
  private final BackEndFactory factory = new BackEndFactory(loop);
  private final LineEnd end = new LineEnd();
  private final MemorySegment buffer = Arena.ofAuto().allocate(1 << 16);
  private Thread thread;
  private SerialLine line;

  @TempDir Path dir;

  private void open(Map<String, ?> config) throws Exception {
    line = factory.serial(new CardConfig("ports[0]", config));
    thread = loop.start();
    port.call(() -> line.open(port, end));
    port.call(() -> line.lines(true, true));
  }

  @AfterEach
  void close() throws Exception {
    if (thread != null) {
      port.call(line::close);
    }
    loop.close();
    if (thread != null) {
      thread.join();
    }
    factory.close();
  }

  private static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(bytes).nextBytes(noise);
    return noise;
  }

  private void send(byte[] all) throws Exception {
    for (int at = 0; at < all.length; ) {
      int from = at;
      int bytes = Math.min(16, all.length - at);
      MemorySegment.copy(all, from, buffer, ValueLayout.JAVA_BYTE, 0, bytes);
      int[] taken = new int[1];
      int rooms = end.rooms;
      port.call(() -> taken[0] = line.send(buffer, 0, bytes));
      at += taken[0];
      if (taken[0] < bytes) {
        port.until(() -> end.rooms > rooms);
      }
    }
  }

  // Pseudo-terminals

  private Path name() {
    return dir.resolve("ttyS");
  }

  /** Reads from a terminal until it has that many bytes. */
  private static byte[] read(int fd, int bytes) throws Exception {
    MemorySegment into = Arena.ofAuto().allocate(4096);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    long endNs = System.nanoTime() + PATIENCE_NS;
    while (all.size() < bytes) {
      int got = Fd.read(fd, into, 0, 4096);
      if (got > 0) {
        all.writeBytes(into.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE));
      } else {
        assertThat(System.nanoTime()).as("%d bytes so far", all.size()).isLessThan(endNs);
        Thread.sleep(1);
      }
    }
    return all.toByteArray();
  }

  private static void write(int fd, byte[] all) throws Exception {
    MemorySegment from = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, all);
    long endNs = System.nanoTime() + PATIENCE_NS;
    for (int at = 0; at < all.length; ) {
      int put = Fd.write(fd, from, at, all.length - at);
      at += Math.max(0, put);
      if (put <= 0) {
        assertThat(System.nanoTime()).isLessThan(endNs);
        Thread.sleep(1);
      }
    }
  }

  @Test
  void aTerminalIsThereForWhoOpensItsName() throws Exception {
    open(Map.of("pty", name().toString()));
    assertThat(end.lines).isEmpty();
    for (int round = 1; round <= 3; round++) {
      send("nobody is there".getBytes(StandardCharsets.US_ASCII));
      int fd = Terminal.open(name().toString());
      port.until(() -> end.lines.equals(ALL));
      send("login: ".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(read(fd, 7), StandardCharsets.US_ASCII)).isEqualTo("login: ");
      write(fd, "root\n".getBytes(StandardCharsets.US_ASCII));
      int all = 5 * round;
      port.until(() -> end.count() == all);
      send("not read by who hangs up".getBytes(StandardCharsets.US_ASCII));
      Fd.close(fd);
      port.until(() -> end.lines.isEmpty());
    }
    assertThat(end.text()).as("nothing is echoed").isEqualTo("root\nroot\nroot\n");
  }

  @Test
  void aTerminalIsTransparent() throws Exception {
    open(Map.of("pty", name().toString()));
    int fd = Terminal.open(name().toString());
    port.until(() -> end.lines.equals(ALL));
    byte[] noise = noise(100_000);
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    write(fd, noise);
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                });
    port.until(() -> end.count() == noise.length);
    writer.join();
    assertThat(end.all()).isEqualTo(noise);
    byte[] back = noise(1000);
    send(back);
    assertThat(read(fd, back.length)).isEqualTo(back);
    Fd.close(fd);
  }

  @Test
  void aReaderThatDoesNotReadHoldsUsUntilItGoes() throws Exception {
    open(Map.of("pty", name().toString()));
    int fd = Terminal.open(name().toString());
    port.until(() -> end.lines.equals(ALL));
    boolean[] full = new boolean[1];
    for (int i = 0; i < 10_000 && !full[0]; i++) {
      port.call(() -> full[0] = line.send(buffer, 0, 1024) < 1024);
    }
    assertThat(full[0]).isTrue();
    assertThat(end.rooms).isZero();
    Fd.close(fd);
    port.until(() -> end.rooms > 0);
    port.until(() -> end.lines.isEmpty());
    port.call(() -> assertThat(line.send(buffer, 0, 1024)).isEqualTo(1024));
  }

  @Test
  void bytesWaitForRtsAndForRoom() throws Exception {
    open(Map.of("pty", name().toString()));
    port.call(() -> line.lines(true, false));
    int fd = Terminal.open(name().toString());
    port.until(() -> end.lines.equals(ALL));
    write(fd, "abcdef".getBytes(StandardCharsets.US_ASCII));
    port.call(() -> {});
    assertThat(end.count()).isZero();
    end.appetite = 2;
    port.call(() -> line.lines(true, true));
    port.until(() -> end.count() == 2);
    end.appetite = 100;
    port.call(line::resume);
    port.until(() -> end.count() == 6);
    assertThat(end.text()).isEqualTo("abcdef");
    Fd.close(fd);
  }

  @Test
  void namesOfOthersAreLeftAlone() throws Exception {
    Files.writeString(name(), "something");
    CardConfig config = new CardConfig("ports[0]", Map.of("pty", name().toString()));
    assertThatThrownBy(() -> factory.serial(config))
        .isInstanceOf(CardUnavailableException.class)
        .hasMessageContaining("ports[0]")
        .hasMessageContaining("ttyS");
    assertThat(Files.readString(name())).isEqualTo("something");
    Files.delete(name());
    Files.createSymbolicLink(name(), Path.of("/dev/pts/99999"));
    open(Map.of("pty", name().toString()));
    assertThat(Files.readSymbolicLink(name()).toString()).isNotEqualTo("/dev/pts/99999");
    assertThat(line.toString()).contains("not open");
    port.call(line::close);
    assertThat(Files.exists(name(), java.nio.file.LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  // Serial ports: what is at the other end of one is a pseudo-terminal of this test's.

  @Test
  void aSerialPortFollowsItsSettings() throws Exception {
    PseudoTerminal other = PseudoTerminal.open();
    open(Map.of("tty", other.path()));
    port.until(() -> end.lines.equals(ALL));
    SerialSettings settings =
        new SerialSettings(250_000, 7, SerialSettings.Parity.EVEN, SerialSettings.StopBits.TWO);
    port.call(() -> line.settings(settings));
    assertThat(Terminal.baud(other.fd())).isEqualTo(250_000);
    assertThat(line.toString()).isEqualTo(other.path() + ", 250000 7E2");
    byte[] noise = noise(2000);
    send(noise);
    assertThat(read(other.fd(), noise.length)).isEqualTo(noise);
    Fd.close(other.fd());
    port.until(() -> end.lines.isEmpty());
    send(noise);
  }

  @Test
  void whatASerialPortMarksIsTold() throws Exception {
    PseudoTerminal other = PseudoTerminal.open();
    open(Map.of("tty", other.path()));
    port.until(() -> end.lines.equals(ALL));
    // A pseudo-terminal's driver marks nothing but 0xFF; the others are as a real one has them.
    Terminal.raw(other.fd(), false);
    byte[] marked = {'a', -1, -1, 'b', -1, 0, 'x', 'c', -1, 0, 0, 'd', -1};
    for (byte each : marked) {
      write(other.fd(), new byte[] {each});
    }
    write(other.fd(), new byte[] {-1, 'e'});
    port.until(() -> end.count() == 7);
    assertThat(end.text()).isEqualTo("a\u00FFbcd\u00FFe");
    assertThat(end.events()).containsExactly("framing x", "break");
    Fd.close(other.fd());
  }

  @Test
  void bytesOf255AreNotMarks() throws Exception {
    PseudoTerminal other = PseudoTerminal.open();
    open(Map.of("tty", other.path()));
    port.until(() -> end.lines.equals(ALL));
    byte[] all = new byte[10_000];
    java.util.Arrays.fill(all, (byte) 0xFF);
    end.appetite = 3;
    Thread feeder =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    write(other.fd(), all);
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                });
    port.until(() -> end.count() == 3);
    end.appetite = Integer.MAX_VALUE;
    port.call(line::resume);
    port.until(() -> end.count() == all.length);
    feeder.join();
    assertThat(end.all()).isEqualTo(all);
    assertThat(end.events()).isEmpty();
    Fd.close(other.fd());
  }

  // TCP

  @Test
  void whoCallsHasTheLineAlone() throws Exception {
    open(Map.of("listen", "127.0.0.1:0"));
    String at = line.toString();
    int tcp = Integer.parseInt(at.substring(at.indexOf(':') + 1, at.indexOf(',')));
    for (int round = 0; round < 3; round++) {
      end.lines = "";
      try (Socket first = new Socket(InetAddress.getLoopbackAddress(), tcp)) {
        port.until(() -> end.lines.equals(ALL));
        try (Socket second = new Socket(InetAddress.getLoopbackAddress(), tcp)) {
          assertThat(second.getInputStream().read()).as("busy").isEqualTo(-1);
        }
        send("hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(first.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
        int all = end.count() + 3;
        first.getOutputStream().write("yes".getBytes(StandardCharsets.US_ASCII));
        port.until(() -> end.count() == all);
      }
      port.until(() -> end.lines.isEmpty());
      send("into the void".getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Test
  void aServerIsCalledAgainAndAgain() throws Exception {
    int tcp;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      tcp = server.getLocalPort();
      open(Map.of("tcp", "127.0.0.1:" + tcp));
      for (int round = 0; round < 3; round++) {
        try (Socket other = server.accept()) {
          port.until(() -> end.lines.equals(ALL));
          other.getOutputStream().write('x');
          int all = round + 1;
          port.until(() -> end.count() == all);
        }
        port.until(() -> end.lines.isEmpty());
      }
    }
    send("nobody listens".getBytes(StandardCharsets.US_ASCII));
    try (ServerSocket server = new ServerSocket(tcp, 1, InetAddress.getLoopbackAddress());
        Socket other = server.accept()) {
      port.until(() -> end.lines.equals(ALL));
      assertThat(other.isConnected()).isTrue();
    }
  }

  @Test
  void aFloodIsHeldBack() throws Exception {
    open(Map.of("listen", "127.0.0.1:0"));
    String at = line.toString();
    int tcp = Integer.parseInt(at.substring(at.indexOf(':') + 1, at.indexOf(',')));
    byte[] noise = noise(3_000_000);
    end.appetite = 10;
    try (Socket flood = new Socket(InetAddress.getLoopbackAddress(), tcp)) {
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      flood.getOutputStream().write(noise);
                    } catch (java.io.IOException e) {
                      throw new AssertionError(e);
                    }
                  });
      port.until(() -> end.count() == 10);
      port.call(() -> {});
      assertThat(end.count()).isEqualTo(10);
      end.appetite = Integer.MAX_VALUE;
      port.call(line::resume);
      port.until(() -> end.count() == noise.length);
      writer.join();
    }
    assertThat(end.all()).isEqualTo(noise);
  }

  @Test
  void configurationIsChecked() {
    Map<Map<String, ?>, String> wrong =
        Map.of(
            Map.of("speed", 3),
            "say what is connected",
            Map.of("pty", "/tmp/x", "tcp", "a:1"),
            "not pty and tcp",
            Map.of("pty", "relative"),
            "begins with '/'",
            Map.of("tcp", "nowhere"),
            "a host and a port",
            Map.of("tcp", "host:0"),
            "a host and a port",
            Map.of("listen", "127.0.0.1:0", "colour", "red"),
            "colour",
            Map.of("listen", "192.0.2.1:7000"),
            "EADDRNOTAVAIL",
            Map.of("tty", "/dev/null"),
            "ENOTTY",
            Map.of("tty", "/dev/there-is-no-such"),
            "ENOENT",
            Map.of("rfc2217", "nowhere"),
            "a host and a port");
    wrong.forEach(
        (values, message) ->
            assertThatThrownBy(() -> factory.serial(new CardConfig("ports[1]", values)))
                .isInstanceOf(CardConfigException.class)
                .hasMessageContaining("ports[1]")
                .hasMessageContaining(message));
  }
}
