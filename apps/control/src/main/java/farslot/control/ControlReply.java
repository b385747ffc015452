package farslot.control;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The way back to who asked. */
public final class ControlReply {
  private static final int BUFFER_BYTES = 1 << 16;

  private final SocketChannel channel;
  private final JsonMapper json;
  private volatile boolean stopped;

  ControlReply(SocketChannel channel, JsonMapper json) {
    this.channel = channel;
    this.json = json;
  }

  /**
   * Says yes.
   *
   * @return where a stream may follow; the command flushes it, the server closes it
   */
  public OutputStream accept(Map<String, ?> answer) throws IOException {
    OutputStream out = new BufferedOutputStream(new ToChannel(channel), BUFFER_BYTES);
    line(out, Map.of("ok", answer));
    return out;
  }

  /** Says no, and why. */
  public void refuse(String why) throws IOException {
    line(new ToChannel(channel), Map.of("error", why));
  }

  private void line(OutputStream out, Map<String, ?> answer) throws IOException {
    out.write((json.writeValueAsString(answer) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Whether who asked wants no more, has gone, or this process is about to end. */
  public boolean stopped() {
    return stopped;
  }

  void stop() {
    stopped = true;
  }

  /** A channel as a stream; unlike the JDK's, reading never holds writing up. */
  private static final class ToChannel extends OutputStream {
    private final SocketChannel channel;

    ToChannel(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      ByteBuffer left = ByteBuffer.wrap(bytes, from, count);
      while (left.hasRemaining()) {
        channel.write(left);
      }
    }
  }
}
