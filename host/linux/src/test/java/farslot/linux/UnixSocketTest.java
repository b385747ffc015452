package farslot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketTest {
  @TempDir Path dir;
  private final MemorySegment buffer = Arena.ofAuto().allocate(4096, 8);
  private final UnixMessage message = new UnixMessage();

  @Test
  void descriptorsTravelAndAreOtherDescriptorsOfTheSameFile() throws Exception {
    long before = OpenFds.count();
    int[] pair = UnixSocket.pair();
    int[] sent = new int[UnixMessage.FDS_MAX];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = EventFd.create();
    }
    buffer.set(ValueLayout.JAVA_LONG, 0, 0x1122334455667788L);
    assertThat(message.send(pair[0], buffer, 0, 8, sent, sent.length)).isEqualTo(8);

    UnixMessage other = new UnixMessage();
    assertThat(other.receive(pair[1], buffer, 100, 200)).isEqualTo(8);
    assertThat(buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, 100)).isEqualTo(0x1122334455667788L);
    assertThat(other.fdCount()).isEqualTo(64);
    assertThat(other.truncated()).isFalse();
    int[] got = new int[64];
    assertThat(other.takeFds(got, 0)).isEqualTo(64);
    EventFd.signal(got[63]);
    assertThat(EventFd.drain(sent[63])).isTrue();
    assertThat(EventFd.drain(sent[62])).isFalse();
    assertThat(FileCalls.fcntl(got[0], 1 /* F_GETFD */, 0)).as("close-on-exec").isEqualTo(1);

    Fd.closeAll(sent, 64);
    Fd.closeAll(got, 64);
    Fd.closeAll(pair, 2);
    assertThat(OpenFds.count()).isEqualTo(before);
  }

  @Test
  void descriptorsNobodyTakesAreClosedByTheNextReceive() throws Exception {
    int[] pair = UnixSocket.pair();
    int event = EventFd.create();
    long before = OpenFds.count();
    message.send(pair[0], buffer, 0, 1, new int[] {event, event, event}, 3);
    UnixMessage other = new UnixMessage();
    assertThat(other.receive(pair[1], buffer, 0, 10)).isEqualTo(1);
    assertThat(OpenFds.count()).isEqualTo(before + 3);
    assertThat(other.receive(pair[1], buffer, 0, 10)).isEqualTo(Fd.AGAIN);
    assertThat(OpenFds.count()).isEqualTo(before);
    Fd.close(event);
    Fd.closeAll(pair, 2);
  }

  @Test
  void descriptorsAreABarrierForTheBytesAfterThem() throws Exception {
    int[] pair = UnixSocket.pair();
    int[] event = {EventFd.create()};
    message.send(pair[0], buffer, 0, 4, event, 0);
    message.send(pair[0], buffer, 0, 1, event, 1);
    message.send(pair[0], buffer, 0, 4, event, 0);
    UnixMessage other = new UnixMessage();
    assertThat(other.receive(pair[1], buffer, 0, 20)).isEqualTo(5);
    assertThat(other.fdCount()).isEqualTo(1);
    assertThat(other.receive(pair[1], buffer, 0, 20)).isEqualTo(4);
    assertThat(other.fdCount()).isZero();
    Fd.close(event[0]);
    Fd.closeAll(pair, 2);
  }

  @Test
  void listensAndSpeaksWithTheJdksOwnSockets() throws Exception {
    String path = dir.resolve("a.sock").toString();
    int listener = UnixSocket.listen(path, 4);
    assertThat(Sockets.accept(listener)).isEqualTo(Fd.AGAIN);
    try (SocketChannel jdk = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      jdk.connect(UnixDomainSocketAddress.of(path));
      int fd = Sockets.accept(listener);
      assertThat(fd).isPositive();
      assertThat(UnixSocket.peer(fd).pid()).isEqualTo((int) ProcessHandle.current().pid());
      jdk.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
      assertThat(Sockets.receive(fd, buffer, 0, 100)).isEqualTo(3);
      assertThat(buffer.get(ValueLayout.JAVA_BYTE, 2)).isEqualTo((byte) 3);
      assertThat(Sockets.send(fd, buffer, 0, 3)).isEqualTo(3);
      ByteBuffer back = ByteBuffer.allocate(10);
      assertThat(jdk.read(back)).isEqualTo(3);
      jdk.shutdownOutput().shutdownInput();
      assertThat(Sockets.receive(fd, buffer, 0, 100)).isEqualTo(Fd.END);
      assertThatThrownBy(() -> Sockets.send(fd, buffer, 0, 3))
          .isInstanceOf(ErrnoException.class)
          .hasMessageContaining("EPIPE");
      Fd.close(fd);
    }
    Fd.close(listener);
  }

  @Test
  void staleSocketIsReplacedAndAServedOneIsNot() throws Exception {
    String path = dir.resolve("a.sock").toString();
    Fd.close(UnixSocket.listen(path, 1));
    assertThat(Files.exists(Path.of(path))).isTrue();
    int listener = UnixSocket.listen(path, 1);
    assertThatThrownBy(() -> UnixSocket.listen(path, 1))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE));
    Fd.close(listener);
  }

  @Test
  void aFileThatIsNoSocketIsLeftAlone() throws Exception {
    Path file = Files.writeString(dir.resolve("precious"), "data");
    assertThatThrownBy(() -> UnixSocket.listen(file.toString(), 1))
        .isInstanceOf(ErrnoException.class);
    assertThat(Files.readString(file)).isEqualTo("data");
  }

  @Test
  void aPathTooLongIsAnErrno() {
    assertThatThrownBy(() -> UnixSocket.listen("/" + "x".repeat(107), 1))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENAMETOOLONG));
  }

  @Test
  void failuresLeakNothing() {
    long before = OpenFds.count();
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> UnixSocket.connect(dir.resolve("none").toString()))
          .isInstanceOf(ErrnoException.class)
          .hasMessageContaining("connect(")
          .hasMessageContaining("ENOENT");
    }
    assertThat(OpenFds.count()).isEqualTo(before);
  }

  @Test
  void bufferBoundsAndHeapSegmentsAreMistakes() {
    assertThatThrownBy(() -> Sockets.receive(0, buffer, 4000, 97))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Sockets.receive(0, MemorySegment.ofArray(new byte[8]), 0, 8))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
