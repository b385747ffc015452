package farslot.capture;

import java.nio.ByteBuffer;

/** Frames, records and TLPs by this test's own copy of the bits. */
final class Frames {
  static final int SESSION = 0xC0FFEE01;

  private Frames() {}

  static byte[] join(byte[]... parts) {
    int bytes = 0;
    for (byte[] part : parts) {
      bytes += part.length;
    }
    ByteBuffer all = ByteBuffer.allocate(bytes);
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }

  static byte[] data(int seq, byte[]... records) {
    return frame(4, 0, seq, records);
  }

  static byte[] frame(int type, int flags, int seq, byte[]... records) {
    byte[] body = join(records);
    ByteBuffer frame = ByteBuffer.allocate(40 + body.length);
    frame.putShort((short) 0x5045).put((byte) 0x10).put((byte) type);
    frame.putShort((short) flags).putShort((short) frame.capacity());
    frame.putInt(SESSION).putInt(seq).putInt(1);
    return frame.put(40, body).array();
  }

  static byte[] record(int stream, int kind, int flags, byte[] body) {
    ByteBuffer record = ByteBuffer.allocate(8 + (body.length + 3 & ~3));
    record.putShort((short) stream).put((byte) kind).put((byte) flags);
    return record.putShort((short) body.length).putShort((short) 7).put(body).array();
  }

  static byte[] tlp(int stream, byte[] tlp) {
    return record(stream, 1, 0, tlp);
  }

  /** MRd of whole DWs with a 32-bit address. */
  static byte[] read(int tag, int address, int dws) {
    return ByteBuffer.allocate(12)
        .putInt(dws & 0x3FF)
        .putInt(0x0100 << 16 | tag << 8 | (dws == 1 ? 0x0F : 0xFF))
        .putInt(address)
        .array();
  }

  /** MWr of one DW. */
  static byte[] write(int address, int value) {
    return ByteBuffer.allocate(16)
        .putInt(0x40000001)
        .putInt(0x0000000F)
        .putInt(address)
        .putInt(value)
        .array();
  }

  /** CplD for requester 01:00.0. */
  static byte[] answer(int tag, int byteCount, int dws) {
    return ByteBuffer.allocate(12 + 4 * dws)
        .putInt(0x4A000000 | dws)
        .putInt(byteCount)
        .putInt(0x0100 << 16 | tag << 8)
        .array();
  }
}
