package farslot.manager.http;

import farslot.api.ApiError;
import farslot.api.ApiException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** What a client sends, with a bound on everything. Used by one thread. */
final class HttpInput {
  private static final int BUFFER_BYTES = 8 << 10;
  private static final int CHUNK_LINE_BYTES_MAX = 256;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private int headBytesLeft;

  HttpInput(InputStream in) {
    this.in = in;
  }

  /**
   * Waits for the first byte of a request.
   *
   * @return false if there is none to come
   */
  boolean await() throws IOException {
    return at < end || fill();
  }

  private boolean fill() throws IOException {
    int read = in.read(buffer);
    at = 0;
    end = Math.max(0, read);
    return read > 0;
  }

  /** Another head begins. */
  void begin() {
    headBytesLeft = HttpLimits.HEAD_BYTES_MAX;
  }

  private int next() throws IOException {
    if (!await()) {
      throw new EOFException("the connection ended within a request");
    }
    return buffer[at++] & 0xFF;
  }

  /**
   * A line of a head, without its end: CR LF, or LF alone.
   *
   * @throws ApiException if it is too long, or has what no line may have
   */
  String line() throws IOException, ApiException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (--headBytesLeft < 0) {
        throw tooLarge("its head has more than " + HttpLimits.HEAD_BYTES_MAX + " bytes");
      }
      int next = next();
      if (next == '\n') {
        return line.toString();
      }
      if (next == '\r') {
        headBytesLeft--;
        if (next() != '\n') {
          throw HttpHead.malformed("a line of it ends in CR without LF");
        }
        return line.toString();
      }
      if ((next < ' ' && next != '\t') || next == 127) {
        throw HttpHead.malformed("a line of it has control characters");
      }
      line.append((char) next);
    }
  }

  /** Exactly so many bytes. */
  byte[] bytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    for (int done = 0; done < count; ) {
      if (!await()) {
        throw new EOFException("the connection ended within a request");
      }
      int some = Math.min(count - done, end - at);
      System.arraycopy(buffer, at, bytes, done, some);
      at += some;
      done += some;
    }
    return bytes;
  }

  /**
   * A body in chunks (RFC 9112, 7.1).
   *
   * @throws ApiException if it is malformed, or longer than it may be
   */
  byte[] chunks(int bytesMax) throws IOException, ApiException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      headBytesLeft = CHUNK_LINE_BYTES_MAX;
      String size = line().split(";", 2)[0].strip();
      if (!size.matches("[0-9a-fA-F]{1,15}")) {
        throw HttpHead.malformed("its chunks are malformed");
      }
      long bytes = Long.parseLong(size, 16);
      if (bytes == 0) {
        begin();
        while (!line().isEmpty()) {
          // Trailers; nobody looks at them.
        }
        return body.toByteArray();
      }
      if (body.size() + bytes > bytesMax) {
        throw bodyTooLarge(bytesMax);
      }
      body.write(bytes((int) bytes));
      headBytesLeft = 2;
      if (!line().isEmpty()) {
        throw HttpHead.malformed("its chunks are malformed");
      }
    }
  }

  /** Passes over what is still to come, so that a sender hears what was answered meanwhile. */
  void drain(long bytesMax) throws IOException {
    for (long left = bytesMax - (end - at); left > 0 && fill(); left -= end) {
      // On.
    }
  }

  static ApiException bodyTooLarge(int bytesMax) {
    return tooLarge("its body has more than " + bytesMax + " bytes");
  }

  static ApiException tooLarge(String why) {
    return new ApiException(ApiError.TOO_LARGE, "the request is refused", why, "send less at once");
  }
}
