package farslot.store.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The frames of one file, big-endian: magic (4 bytes), payload's length (4), number in the file
 * from 1 (8), CRC-32C of this header (4), CRC-32C of the payload (4), the payload, and a last byte
 * that is not zero. Both checksums begin with the file's own header, so that no frame of another
 * file passes.
 */
final class Frames {
  static final int HEADER_BYTES = 24;
  static final int BYTES_AROUND = HEADER_BYTES + 1;

  /** The largest group of changes, with some to spare. */
  static final int PAYLOAD_BYTES_MAX = 16 << 20;

  static final int MAGIC = 0x4653_4c47; // FSLG

  /** A sector that was lost reads as zeros; a frame's last sector that was not lost does not. */
  static final byte LAST = (byte) 0xa5;

  private static final int LENGTH = 4;
  private static final int NUMBER = 8;
  private static final int HEADER_CRC = 16;
  private static final int PAYLOAD_CRC = 20;

  private final byte[] fileHeader;

  Frames(FileHeader fileHeader) {
    this.fileHeader = fileHeader.encode();
  }

  /** A whole frame. */
  byte[] encode(long number, byte[] payload) {
    assert payload.length <= PAYLOAD_BYTES_MAX : payload.length;
    ByteBuffer out = ByteBuffer.allocate(BYTES_AROUND + payload.length);
    out.putInt(MAGIC).putInt(payload.length).putLong(number);
    out.putInt(HEADER_CRC, headerCrc(out.array(), 0));
    out.putInt(PAYLOAD_CRC, payloadCrc(number, payload, 0, payload.length));
    out.put(HEADER_BYTES, payload);
    out.put(HEADER_BYTES + payload.length, LAST);
    return out.array();
  }

  /** The payload's length if a header stands here; -1 otherwise. */
  int payloadBytes(byte[] bytes, int at) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length - at < HEADER_BYTES
        || in.getInt(at) != MAGIC
        || in.getInt(at + HEADER_CRC) != headerCrc(bytes, at)) {
      return -1;
    }
    int length = in.getInt(at + LENGTH);
    return length < 0 || length > PAYLOAD_BYTES_MAX ? -1 : length;
  }

  /** The number of the frame whose header stands here. */
  static long number(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getLong(at + NUMBER);
  }

  /** Whether a whole frame stands here and is right. */
  boolean whole(byte[] bytes, int at) {
    int length = payloadBytes(bytes, at);
    if (length < 0 || bytes.length - at < BYTES_AROUND + length) {
      return false;
    }
    int crc = payloadCrc(number(bytes, at), bytes, at + HEADER_BYTES, length);
    return crc == ByteBuffer.wrap(bytes).getInt(at + PAYLOAD_CRC)
        && bytes[at + HEADER_BYTES + length] == LAST;
  }

  private int headerCrc(byte[] bytes, int at) {
    CRC32C crc = new CRC32C();
    crc.update(fileHeader);
    crc.update(bytes, at, HEADER_CRC);
    return (int) crc.getValue();
  }

  private int payloadCrc(long number, byte[] bytes, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(fileHeader);
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number).array());
    crc.update(bytes, at, length);
    return (int) crc.getValue();
  }
}
