package farslot.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.Fd;
import farslot.linux.UnixMessage;
import farslot.linux.UnixSocket;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client of a vfio-user server with its own copy of the protocol's numbers. */
final class TestClient implements AutoCloseable {
  static final int NO_REPLY = 0x10;
  static final int ERROR = 0x20;
  private static final long PATIENCE_NS = 120_000_000_000L;

  /** A message as it came. */
  record Message(int id, int command, int flags, int errno, byte[] payload, int[] fds) {
    ByteBuffer body() {
      return Bytes.view(payload);
    }

    boolean isError() {
      return (flags & ERROR) != 0;
    }

    boolean isReply() {
      return (flags & 0xF) == 1;
    }
  }

  private final int socket;
  private final MemorySegment buffer = Arena.ofAuto().allocate(4 << 20, 8);
  private final UnixMessage message = new UnixMessage();
  private int nextId = 1;

  TestClient(Path path) throws IOException {
    socket = UnixSocket.connect(path.toString());
  }

  /** Connects and agrees on a version as QEMU 11.1.2 does. */
  static TestClient connected(Path path) throws IOException {
    TestClient client = new TestClient(path);
    Message reply = client.version(0, 0, "{\"capabilities\":{\"max_msg_fds\":16}}");
    assertThat(reply.isError()).isFalse();
    return client;
  }

  Message version(int major, int minor, String json) throws IOException {
    Bytes bytes = Bytes.of().u16(major).u16(minor);
    if (json != null) {
      bytes.raw((json + "\0").getBytes(StandardCharsets.UTF_8));
    }
    return call(1, bytes.done());
  }

  /** Sends a command and takes the next message, which has to be its reply. */
  Message call(int command, byte[] payload, int... fds) throws IOException {
    int id = send(command, 0, payload, fds);
    Message reply = receive();
    assertThat(reply.isReply()).as("reply").isTrue();
    assertThat(reply.id()).as("id").isEqualTo(id);
    assertThat(reply.command()).as("command").isEqualTo(command);
    if (reply.isError()) {
      assertThat(reply.payload()).as("an error reply is a header alone").isEmpty();
    }
    return reply;
  }

  /** The errno of the reply, 0 if there is none. */
  int errno(int command, byte[] payload, int... fds) throws IOException {
    Message reply = call(command, payload, fds);
    assertThat(reply.isError()).isEqualTo(reply.errno() != 0);
    return reply.errno();
  }

  int send(int command, int flags, byte[] payload, int... fds) throws IOException {
    int id = nextId++ & 0xFFFF;
    byte[] header =
        Bytes.of()
            .u16(id)
            .u16(command)
            .u32(16 + payload.length)
            .u32(flags)
            .u32(0)
            .raw(payload)
            .done();
    sendRaw(header, fds);
    return id;
  }

  void reply(Message to, int flags, int errno, byte[] payload) throws IOException {
    sendRaw(
        Bytes.of()
            .u16(to.id())
            .u16(to.command())
            .u32(16 + payload.length)
            .u32(1 | flags)
            .u32(errno)
            .raw(payload)
            .done());
  }

  void sendRaw(byte[] bytes, int... fds) throws IOException {
    MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
    int sent = 0;
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (sent < bytes.length) {
      int count = sent == 0 ? fds.length : 0;
      int now = message.send(socket, buffer, sent, bytes.length - sent, fds, count);
      if (now == Fd.AGAIN) {
        waitUntil(deadlineNs);
      } else {
        sent += now;
      }
    }
  }

  /** Sends without waiting for room: how many bytes went. */
  int trySend(byte[] bytes) throws IOException {
    MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return Math.max(0, message.send(socket, buffer, 0, bytes.length, new int[0], 0));
  }

  Message receive() throws IOException {
    int[] fds = new int[64];
    int[] count = new int[1];
    ByteBuffer header = Bytes.view(read(16, fds, count));
    int id = Short.toUnsignedInt(header.getShort());
    int command = Short.toUnsignedInt(header.getShort());
    int size = header.getInt();
    int flags = header.getInt();
    int errno = header.getInt();
    byte[] payload = read(size - 16, fds, count);
    return new Message(id, command, flags, errno, payload, java.util.Arrays.copyOf(fds, count[0]));
  }

  /** Whether the server has closed the connection. */
  boolean isEnded() throws IOException {
    try {
      receive();
      return false;
    } catch (EOFException e) {
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ECONNRESET) {
        return true;
      }
      throw e;
    }
  }

  /** As a client that goes, though its descriptor stays open. */
  void endWriting() throws IOException {
    farslot.linux.Sockets.endWriting(socket);
  }

  @Override
  public void close() {
    Fd.close(socket);
  }

  private byte[] read(int bytes, int[] fds, int[] count) throws IOException {
    byte[] result = new byte[bytes];
    int got = 0;
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (got < bytes) {
      int now = message.receive(socket, buffer, 0, bytes - got);
      if (now == Fd.END) {
        throw new EOFException();
      }
      if (now == Fd.AGAIN) {
        waitUntil(deadlineNs);
        continue;
      }
      count[0] += message.takeFds(fds, count[0]);
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, result, got, now);
      got += now;
    }
    return result;
  }

  private static void waitUntil(long deadlineNs) {
    if (System.nanoTime() > deadlineNs) {
      throw new AssertionError("the server does not answer");
    }
    Thread.yield();
  }

  // Requests.

  static byte[] map(int flags, long offset, long address, long size) {
    return Bytes.of().u32(32).u32(flags).u64(offset).u64(address).u64(size).done();
  }

  static byte[] unmap(int flags, long address, long size) {
    return Bytes.of().u32(24).u32(flags).u64(address).u64(size).done();
  }

  static byte[] info() {
    return Bytes.of().u32(16).u32(0).u32(0).u32(0).done();
  }

  static byte[] regionInfo(int argsz, int index) {
    return Bytes.of().u32(argsz).u32(0).u32(index).u32(0).u64(0).u64(0).done();
  }

  static byte[] irqInfo(int index) {
    return Bytes.of().u32(16).u32(0).u32(index).u32(0).done();
  }

  static byte[] setIrqs(int flags, int index, int start, int count, byte... data) {
    return Bytes.of().u32(20).u32(flags).u32(index).u32(start).u32(count).raw(data).done();
  }

  static byte[] access(long offset, int region, int count, byte... data) {
    return Bytes.of().u64(offset).u32(region).u32(count).raw(data).done();
  }
}
