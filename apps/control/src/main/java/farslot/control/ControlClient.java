package farslot.control;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Asks a running process one thing. */
public final class ControlClient implements AutoCloseable {
  /** Name of the socket in a process's directory. */
  public static final String SOCKET = "control.sock";

  private static final int ANSWER_BYTES_MAX = 16 << 20;

  private final SocketChannel channel;

  /**
   * Connects.
   *
   * @throws NoSuchFileException when there is no such socket
   * @throws ConnectException when nobody serves it
   */
  public ControlClient(Path socket) throws IOException {
    if (!Files.exists(socket)) {
      throw new NoSuchFileException(socket + ": no such socket; is the process running?");
    }
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (ConnectException e) {
      throw new ConnectException(socket + ": " + e.getMessage() + "; is the process running?");
    }
  }

  /**
   * Asks, once.
   *
   * @param request {@code command} and its arguments
   * @return the answer
   * @throws ControlException when the process says no
   */
  public Map<?, ?> ask(Map<String, ?> request) throws IOException {
    JsonMapper json = new JsonMapper();
    byte[] line = (json.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer left = ByteBuffer.wrap(line);
    while (left.hasRemaining()) {
      channel.write(left);
    }
    try {
      Map<?, ?> answer = json.readValue(line(), Map.class);
      if (answer.get("ok") instanceof Map<?, ?> ok) {
        return ok;
      }
      throw new ControlException(String.valueOf(answer.get("error")));
    } catch (JacksonException e) {
      throw new IOException("the process answers no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(1); // What follows the line is not to be taken with it.
    while (line.size() < ANSWER_BYTES_MAX) {
      if (channel.read(one.clear()) < 0) {
        throw new EOFException("the process has closed the connection without an answer");
      }
      if (one.get(0) == '\n') {
        return line.toString(StandardCharsets.UTF_8);
      }
      line.write(one.get(0));
    }
    throw new IOException("the process's answer is too long");
  }

  /** An answer as JSON, for people and programs. */
  public static String pretty(Map<?, ?> answer) {
    return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(answer);
  }

  /** What follows the answer. */
  public InputStream stream() {
    return new FromChannel(channel);
  }

  /** Asks for the stream's end; what is under way still comes. From any thread. */
  public void finish() throws IOException {
    if (channel.isOpen()) {
      channel.shutdownOutput();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static final class FromChannel extends InputStream {
    private final SocketChannel channel;

    FromChannel(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int from, int count) throws IOException {
      return channel.read(ByteBuffer.wrap(to, from, count));
    }
  }
}
