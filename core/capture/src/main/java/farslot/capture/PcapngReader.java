package farslot.capture;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Cuts a little-endian pcapng stream into blocks, such as {@link PcapngWriter} makes. What is no
 * block ends in an {@link IOException} that says so.
 */
public final class PcapngReader {
  private static final int BLOCK_BYTES_MAX = 1 << 20;

  /**
   * A block.
   *
   * @param type {@link PcapngFormat#ENHANCED_PACKET} and so on
   * @param bytes all of it, both lengths included
   */
  public record Block(int type, byte[] bytes) {
    /** The body, little-endian. */
    public ByteBuffer body() {
      int length = bytes.length - PcapngFormat.BLOCK_OVERHEAD_BYTES;
      return ByteBuffer.wrap(bytes, PcapngFormat.BLOCK_HEADER_BYTES, length)
          .slice()
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private final InputStream in;
  private boolean begun;

  public PcapngReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next block, or empty at the end.
   *
   * @throws EOFException when the stream ends inside a block
   */
  public Optional<Block> next() throws IOException {
    byte[] header = in.readNBytes(PcapngFormat.BLOCK_HEADER_BYTES);
    if (header.length == 0) {
      return Optional.empty();
    }
    require(header.length == PcapngFormat.BLOCK_HEADER_BYTES);
    ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    int type = fields.getInt();
    int total = fields.getInt();
    if (!begun && type != PcapngFormat.SECTION_HEADER) {
      throw new IOException("not a pcapng file");
    }
    if (total % 4 != 0 || total < PcapngFormat.BLOCK_OVERHEAD_BYTES || total > BLOCK_BYTES_MAX) {
      throw new IOException("not a little-endian pcapng file: a block of " + total + " bytes");
    }
    byte[] bytes = new byte[total];
    System.arraycopy(header, 0, bytes, 0, header.length);
    require(in.readNBytes(bytes, header.length, total - header.length) == total - header.length);
    if (ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(total - 4) != total) {
      throw new IOException("a pcapng block whose two lengths differ");
    }
    begun = true;
    return Optional.of(new Block(type, bytes));
  }

  private static void require(boolean whole) throws EOFException {
    if (!whole) {
      throw new EOFException("the pcapng stream ends inside a block");
    }
  }
}
