package farslot.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpSocketTest {
  private final MemorySegment buffer = Arena.ofAuto().allocate(4096, 8);

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void connectsAndCarriesBytesBothWays(String host) throws Exception {
    long before = OpenFds.count();
    int listener = TcpSocket.listen(new InetSocketAddress(InetAddress.getByName(host), 0), 8);
    InetSocketAddress address = TcpSocket.localAddress(listener);
    assertThat(address.getAddress()).isEqualTo(InetAddress.getByName(host));
    int client = TcpSocket.connect(address);
    await(client, Epoll.WRITE);
    assertThat(Sockets.error(client)).isZero();
    await(listener, Epoll.READ);
    int server = Sockets.accept(listener);
    assertThat(TcpSocket.peerAddress(server)).isEqualTo(TcpSocket.localAddress(client));
    TcpSocket.noDelay(client);
    TcpSocket.keepAlive(client, 5, 1, 3);
    TcpSocket.userTimeout(client, 5000);
    assertThat(SocketOptions.get(client, 6, SocketOptions.TCP_NODELAY)).isEqualTo(1);
    assertThat(SocketOptions.get(client, 6, SocketOptions.TCP_USER_TIMEOUT)).isEqualTo(5000);
    assertThat(SocketOptions.get(client, 6, SocketOptions.TCP_KEEPCNT)).isEqualTo(3);

    IoVector vector = new IoVector(4);
    for (int i = 0; i < 3; i++) {
      buffer.set(ValueLayout.JAVA_INT, 100L * i, i + 1);
      vector.add(buffer, 100L * i, 4);
    }
    assertThat(vector.send(client)).isEqualTo(12);
    await(server, Epoll.READ);
    assertThat(Sockets.receive(server, buffer, 1000, 100)).isEqualTo(12);
    assertThat(buffer.get(ValueLayout.JAVA_INT, 1008)).isEqualTo(3);
    assertThat(Sockets.receive(server, buffer, 0, 100)).isEqualTo(Fd.AGAIN);
    Sockets.endWriting(server);
    await(client, Epoll.READ);
    assertThat(Sockets.receive(client, buffer, 0, 100)).isEqualTo(Fd.END);
    Fd.closeAll(new int[] {listener, client, server}, 3);
    assertThat(OpenFds.count()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void aRefusedConnectIsAnErrnoThatCanBeAskedFor(String host) throws Exception {
    int listener = TcpSocket.listen(new InetSocketAddress(InetAddress.getByName(host), 0), 8);
    InetSocketAddress address = TcpSocket.localAddress(listener);
    Fd.close(listener);
    int client;
    try {
      client = TcpSocket.connect(address);
    } catch (ErrnoException e) {
      assertThat(e.errno()).isEqualTo(Errno.ECONNREFUSED);
      return;
    }
    await(client, Epoll.WRITE);
    assertThat(Sockets.error(client)).isEqualTo(Errno.ECONNREFUSED);
    Fd.close(client);
  }

  private static void await(int fd, int interest) throws ErrnoException {
    try (Epoll epoll = new Epoll(1)) {
      epoll.add(fd, interest, 7);
      assertThat(epoll.await(10_000_000_000L)).isEqualTo(1);
      assertThat(epoll.tag(0)).isEqualTo(7);
    }
  }
}
