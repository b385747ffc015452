package farslot.initiator.qmp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Lines of bytes from a channel, none longer than a limit. For one thread. */
final class Lines {
  private static final int READ_BYTES = 64 << 10;

  private final ReadableByteChannel channel;
  private final int bytesMax;
  private final ByteBuffer read = ByteBuffer.allocate(READ_BYTES);
  private byte[] line = new byte[READ_BYTES];

  /**
   * @param bytesMax longest line that is taken
   */
  Lines(ReadableByteChannel channel, int bytesMax) {
    this.channel = channel;
    this.bytesMax = bytesMax;
    read.flip();
  }

  /**
   * The next one, without its end; waits for it.
   *
   * @throws EOFException when the peer has closed
   * @throws IOException when it is too long
   */
  String next() throws IOException {
    int length = 0;
    while (true) {
      while (read.hasRemaining()) {
        byte b = read.get();
        if (b == '\n') {
          return new String(line, 0, length, StandardCharsets.UTF_8).strip();
        }
        if (length == bytesMax) {
          throw new IOException("a line longer than " + bytesMax + " bytes");
        }
        if (length == line.length) {
          line = Arrays.copyOf(line, Math.min(bytesMax, 2 * length));
        }
        line[length++] = b;
      }
      read.clear();
      int got = channel.read(read);
      read.flip();
      if (got < 0) {
        throw new EOFException("QEMU has closed the connection");
      }
    }
  }
}
