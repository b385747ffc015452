package farslot.bench.many;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A hypervisor that has connected to a vfio-user socket, agreed on a version, and does nothing. */
final class Client implements AutoCloseable {
  private static final int HEADER_BYTES = 16;
  private static final int VERSION = 1;
  private static final int MAJOR_MINOR = 1 << 16;
  private static final int SIZE_AT = 4;

  private final SocketChannel channel;

  /**
   * @param json what it says with its version; one that says nothing, as SPDK, gets its doorbells
   *     as memory
   */
  Client(Path socket, String json) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    byte[] text = (json.isEmpty() ? "" : json + "\0").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer message = buffer(HEADER_BYTES + Integer.BYTES + text.length);
    message.putShort((short) 0).putShort((short) VERSION).putInt(message.capacity());
    message.putLong(0).putInt(MAJOR_MINOR).put(text).flip();
    channel.write(message);
    ByteBuffer reply = read(HEADER_BYTES);
    read(reply.getInt(SIZE_AT) - HEADER_BYTES);
  }

  private ByteBuffer read(int bytes) throws IOException {
    ByteBuffer into = buffer(bytes);
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("the initiator closed the socket");
      }
    }
    return into;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
