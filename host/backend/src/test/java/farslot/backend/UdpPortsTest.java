package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardUnavailableException;
import farslot.function.DatagramPorts;
import farslot.linux.Datagram;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.UdpSocket;
import farslot.testkit.Allocations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The ports against the JDK's own sockets, on loopback addresses of this test's process. */
class UdpPortsTest {
  private static final int BYTES_MAX = 100;
  private static final int FIRST = 0x3000;
  private static final int SECOND = 0x3001;
  private static final int ANSWERING = 0x2FFF;

  /** So that tests of two processes on one machine do not meet. */
  private final String net = "127.%d.%d.".formatted(1 + (int) (pid() >> 8 & 0x7F), pid() & 0xFF);

  private final String here = net + "1";
  private final String there = net + "2";
  private final EventLoop loop = new EventLoop("ports", 0);
  private final BackEndFactory factory = new BackEndFactory(loop);
  private final Seen seen = new Seen();
  private DatagramPorts ports;

  private record Got(int port, int first, int bytes) {}

  private static final class Seen implements DatagramPorts.Receiver {
    final LinkedBlockingQueue<Got> got = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Integer> refused = new LinkedBlockingQueue<>();
    volatile boolean room = true;

    @Override
    public boolean hasRoom() {
      return room;
    }

    @Override
    public void onDatagram(int port, MemorySegment data, long offset, int bytes) {
      got.add(new Got(port, bytes == 0 ? -1 : data.get(ValueLayout.JAVA_BYTE, offset), bytes));
    }

    @Override
    public void onRefused(int port) {
      refused.add(port);
    }

    Got next() throws InterruptedException {
      Got next = got.poll(120, TimeUnit.SECONDS);
      assertThat(next).as("a datagram").isNotNull();
      return next;
    }
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private void open() throws Exception {
    CardConfig config = new CardConfig("slot", Map.of("local", here, "remote", there));
    ports = factory.datagrams(config, new int[] {FIRST, SECOND}, ANSWERING, BYTES_MAX);
    ports.open(seen);
  }

  @AfterEach
  void close() throws Exception {
    loop.close();
    if (thread != null) {
      thread.join();
    }
    factory.close();
  }

  private Thread thread;

  private void run() {
    thread = loop.start();
  }

  private DatagramSocket socket(String address, int port) throws Exception {
    DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, port));
    socket.setSoTimeout(30_000);
    return socket;
  }

  private void send(DatagramSocket from, int port, int first, int bytes) throws Exception {
    byte[] data = new byte[bytes];
    if (bytes > 0) {
      data[0] = (byte) first;
    }
    from.send(new DatagramPacket(data, bytes, InetAddress.ofLiteral(here), port));
  }

  private void onLoop(Runnable task) throws InterruptedException {
    LinkedBlockingQueue<Boolean> done = new LinkedBlockingQueue<>();
    loop.execute(
        () -> {
          task.run();
          done.add(true);
        });
    assertThat(done.poll(120, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void orderOfArrivalHoldsOverAllPorts() throws Exception {
    open();
    try (DatagramSocket first = socket(there, FIRST);
        DatagramSocket second = socket(there, SECOND)) {
      awaitStamps();
      run();
      for (int round = 0; round < 200; round++) {
        int at = round;
        seen.room = round % 3 != 0; // All of it waits in the queues, or comes while we read.
        for (int i = 0; i < 4; i++) {
          send(i % 2 == 0 ? second : first, i % 2 == 0 ? SECOND : FIRST, i, 1);
        }
        seen.room = true;
        onLoop(ports::resume);
        for (int i = 0; i < 4; i++) {
          assertThat(seen.next().first).as("round %d", at).isEqualTo(i);
        }
      }
    }
  }

  /** Linux begins to stamp a moment after the first socket has asked for it. */
  private void awaitStamps() throws Exception {
    int fd = UdpSocket.bind(new InetSocketAddress(here, 0x3333));
    Datagram datagram = new Datagram();
    MemorySegment data = Arena.ofAuto().allocate(8);
    try (DatagramSocket peer = socket(there, 0)) {
      for (int tries = 0; tries < 1000; tries++) {
        send(peer, 0x3333, 0, 1);
        Thread.sleep(20);
        assertThat(datagram.receive(fd, data, 0, 8)).isEqualTo(1);
        if (datagram.arrivedNs() / 1_000_000 < System.currentTimeMillis() - 10) {
          return; // Stamped when it arrived, not when it was read.
        }
      }
      throw new AssertionError("datagrams are not stamped when they arrive");
    } finally {
      Fd.close(fd);
    }
  }

  @Test
  void aBurstWaitsWhileThereIsNoRoom() throws Exception {
    assumeTrue(Files.getOwner(Path.of("/proc/self")).getName().equals("root"), "needs root");
    open();
    seen.room = false;
    run();
    try (DatagramSocket peer = socket(there, FIRST)) {
      for (int i = 0; i < 1200; i++) {
        send(peer, FIRST, i, 64);
      }
      seen.room = true;
      onLoop(ports::resume);
      for (int i = 0; i < 1200; i++) {
        assertThat(seen.next().first).isEqualTo((byte) i);
      }
    }
  }

  @Test
  void sendingAndReceivingAllocatesNothing() throws Exception {
    int a = UdpSocket.bind(new InetSocketAddress(here, FIRST));
    int b = UdpSocket.bind(new InetSocketAddress(there, FIRST));
    try {
      UdpSocket.connect(a, new InetSocketAddress(there, FIRST));
      UdpSocket.connect(b, new InetSocketAddress(here, FIRST));
      Datagram datagram = new Datagram();
      MemorySegment data = Arena.ofAuto().allocate(64);
      double perTurn = Allocations.perTurn(2000, () -> exchange(a, b, datagram, data));
      assertThat(perTurn).isLessThan(1);
    } finally {
      Fd.close(a);
      Fd.close(b);
    }
  }

  private static void exchange(int from, int to, Datagram datagram, MemorySegment data) {
    try {
      int sent = Datagram.send(from, data, 0, 64);
      if (sent != 64 || datagram.receive(to, data, 0, 64) != 64) {
        throw new AssertionError("what was sent on loopback is there");
      }
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void strangersAreDropped() throws Exception {
    open();
    try (DatagramSocket peer = socket(there, FIRST);
        DatagramSocket otherPort = socket(there, 0x3333);
        DatagramSocket stranger = socket(net + "3", FIRST);
        DatagramSocket asker = socket(there, 0)) {
      send(otherPort, FIRST, 1, 1);
      send(stranger, FIRST, 2, 1);
      send(stranger, ANSWERING, 3, 1);
      send(asker, ANSWERING, 4, 1);
      send(peer, FIRST, 5, 1);
      run();
      assertThat(seen.next().first).isEqualTo(4);
      assertThat(seen.next().first).isEqualTo(5);
      assertThat(seen.got).isEmpty();
      assertThat(ports.foreign()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerGoesToWhoAsked() throws Exception {
    open();
    run();
    MemorySegment answer = Arena.ofAuto().allocate(2);
    answer.set(ValueLayout.JAVA_BYTE, 0, (byte) 77);
    try (DatagramSocket asker = socket(there, 0)) {
      send(asker, ANSWERING, 1, 4);
      seen.next();
      onLoop(() -> assertThat(ports.send(ANSWERING, answer, 0, 2)).isTrue());
      DatagramPacket got = new DatagramPacket(new byte[10], 10);
      asker.receive(got);
      assertThat(got.getLength()).isEqualTo(2);
      assertThat(got.getData()[0]).isEqualTo((byte) 77);
      assertThat(got.getPort()).isEqualTo(ANSWERING);
    }
  }

  @Test
  void lengthsAreToldAsTheyAre() throws Exception {
    open();
    run();
    try (DatagramSocket peer = socket(there, FIRST)) {
      for (int bytes : new int[] {0, 1, BYTES_MAX, BYTES_MAX + 1, 60_000}) {
        send(peer, FIRST, 1, bytes);
        assertThat(seen.next().bytes).isEqualTo(Math.min(bytes, BYTES_MAX + 1));
      }
    }
  }

  @Test
  void nobodyThereIsTold() throws Exception {
    open();
    run();
    MemorySegment data = Arena.ofAuto().allocate(8);
    onLoop(() -> assertThat(ports.send(SECOND, data, 0, 8)).isTrue());
    assertThat(seen.refused.poll(120, TimeUnit.SECONDS)).isEqualTo(SECOND);
    try (DatagramSocket peer = socket(there, SECOND)) {
      onLoop(() -> assertThat(ports.send(SECOND, data, 0, 8)).isTrue());
      peer.receive(new DatagramPacket(new byte[10], 10));
    }
  }

  @Test
  void closedPortsAreSilent() throws Exception {
    open();
    run();
    onLoop(ports::close);
    try (DatagramSocket peer = socket(there, FIRST)) {
      peer.setSoTimeout(1);
      send(peer, FIRST, 1, 1);
      assertThatThrownBy(() -> peer.receive(new DatagramPacket(new byte[10], 10)))
          .isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(seen.got).isEmpty();
    onLoop(() -> assertThat(ports.send(FIRST, Arena.ofAuto().allocate(1), 0, 1)).isFalse());
  }

  @Test
  void addressesAreChecked() throws Exception {
    open();
    assertThatThrownBy(this::open)
        .isInstanceOf(CardUnavailableException.class)
        .hasMessageContaining("slot")
        .hasMessageContaining("EADDRINUSE");
    for (String wrong : new String[] {"0.0.0.0", "224.0.0.1", "localhost", "::1", ""}) {
      CardConfig config = new CardConfig("slot", Map.of("local", wrong));
      assertThatThrownBy(() -> factory.datagrams(config, new int[] {FIRST}, 0, BYTES_MAX))
          .isInstanceOf(CardConfigException.class)
          .hasMessageContaining("local");
    }
    CardConfig same = new CardConfig("slot", Map.of("local", there, "remote", there));
    assertThatThrownBy(() -> factory.datagrams(same, new int[] {FIRST}, 0, BYTES_MAX))
        .hasMessageContaining("remote");
  }
}
