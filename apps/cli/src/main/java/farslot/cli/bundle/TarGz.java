package farslot.cli.bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/**
 * Writes files into a compressed archive: POSIX.1-1988 ustar headers (pax(1), "ustar Interchange
 * Format").
 */
final class TarGz implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final int NAME_MAX = 100;
  private static final int SIZE_AT = 124;
  private static final int TIME_AT = 136;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_LENGTH = 8;

  private final OutputStream out;

  TarGz(OutputStream to) throws IOException {
    out = new GZIPOutputStream(to);
  }

  /**
   * Adds a file.
   *
   * @param name at most 100 bytes of ASCII
   * @param atSeconds when it was made, seconds since 1970
   */
  void add(String name, byte[] content, long atSeconds) throws IOException {
    byte[] header = new byte[BLOCK];
    if (name.length() > NAME_MAX) {
      throw new IllegalArgumentException(name + " is too long for an archive");
    }
    put(header, 0, name);
    put(header, 100, "0000600\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, SIZE_AT, "%011o\0".formatted(content.length));
    put(header, TIME_AT, "%011o\0".formatted(atSeconds));
    put(header, CHECKSUM_AT, " ".repeat(CHECKSUM_LENGTH));
    put(header, 156, "0");
    put(header, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xFF;
    }
    put(header, CHECKSUM_AT, "%06o\0 ".formatted(sum));
    out.write(header);
    out.write(content);
    out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
  }
}
