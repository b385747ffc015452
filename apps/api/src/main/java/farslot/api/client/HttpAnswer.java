package farslot.api.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An answer of HTTP/1.1 (RFC 9112).
 *
 * @param keepAlive whether the connection takes another request
 * @param trust what the manager says of whom to trust; "" if it says nothing
 */
record HttpAnswer(int status, byte[] body, boolean keepAlive, String trust) {
  private static final int LINE_BYTES_MAX = 16 << 10;
  private static final int HEADERS_MAX = 100;
  private static final int BODY_BYTES_MAX = 64 << 20;
  private static final int CONTINUE_MAX = 8;

  /** Reads one; an {@link EOFException} says that the other end closed before its first byte. */
  static HttpAnswer read(InputStream in) throws IOException {
    for (int i = 0; i < CONTINUE_MAX; i++) {
      HttpAnswer answer = readOne(in);
      if (answer.status >= 200) {
        return answer;
      }
    }
    throw new IOException("what answers there speaks no HTTP that comes to an end");
  }

  private static HttpAnswer readOne(InputStream in) throws IOException {
    String first = line(in);
    if (!first.matches("HTTP/1\\.[01] [1-9]\\d\\d( .*)?")) {
      throw new IOException("what answers there speaks no HTTP");
    }
    int status = Integer.parseInt(first.substring(9, 12));
    boolean keepAlive = first.startsWith("HTTP/1.1");
    long length = -1;
    boolean chunked = false;
    String trust = "";
    int headers = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (++headers > HEADERS_MAX) {
        throw new IOException("the answer has too many headers");
      }
      String[] header = line.split(":", 2);
      String value = header.length == 2 ? header[1].strip().toLowerCase(Locale.ROOT) : "";
      switch (header[0].toLowerCase(Locale.ROOT)) {
        case "content-length" -> length = length(value);
        case "transfer-encoding" -> chunked = value.equals("chunked");
        case "connection" -> keepAlive = !value.equals("close") && keepAlive;
        case HttpsTransport.TRUST_HEADER_LOWER -> trust = value;
        default -> {}
      }
    }
    if (chunked) {
      return new HttpAnswer(status, chunks(in), keepAlive, trust);
    }
    if (status < 200 || status == 204 || status == 304) {
      length = 0;
    }
    if (length < 0) {
      throw new IOException("the answer does not say how long it is");
    }
    return new HttpAnswer(status, exactly(in, (int) length), keepAlive, trust);
  }

  private static long length(String value) throws IOException {
    if (!value.matches("\\d{1,9}") || Long.parseLong(value) > BODY_BYTES_MAX) {
      throw new IOException("the answer is too long: " + value);
    }
    return Long.parseLong(value);
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line(in).split(";", 2)[0].strip();
      if (!size.matches("[0-9a-fA-F]{1,7}")) {
        throw new IOException("the answer's chunks are malformed");
      }
      int bytes = Integer.parseInt(size, 16);
      if (body.size() + (long) bytes > BODY_BYTES_MAX) {
        throw new IOException("the answer is too long");
      }
      if (bytes == 0) {
        while (!line(in).isEmpty()) {
          // Trailers.
        }
        return body.toByteArray();
      }
      body.write(exactly(in, bytes));
      line(in);
    }
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("the connection ended within the answer");
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (line.size() < LINE_BYTES_MAX) {
      int next = in.read();
      if (next < 0) {
        if (line.size() == 0) {
          throw new EOFException("the connection was closed without an answer");
        }
        throw new IOException("the connection ended within the answer");
      }
      if (next == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
      }
      line.write(next);
    }
    throw new IOException("the answer's headers are too long");
  }
}
