package farslot.replay;

import java.nio.ByteBuffer;

/** TLPs and frames with this test's own copy of the bits. */
final class Bits {
  private Bits() {}

  static byte[] read(int tag, int address, int dws) {
    ByteBuffer b = ByteBuffer.allocate(12).putInt(dws & 0x3FF);
    return b.putInt(0x0100_0000 | tag << 8 | (dws == 1 ? 0x0F : 0xFF)).putInt(address).array();
  }

  static byte[] write(int address, int... dws) {
    ByteBuffer b = ByteBuffer.allocate(12 + 4 * dws.length).putInt(0x4000_0000 | dws.length);
    b.putInt(dws.length == 1 ? 0x0F : 0xFF).putInt(address);
    for (int dw : dws) {
      b.putInt(dw);
    }
    return b.array();
  }

  static byte[] configWrite(int register, int value) {
    ByteBuffer b = ByteBuffer.allocate(16).putInt(0x4400_0001).putInt(0x0F);
    return b.putInt(0x0100_0000 | register).putInt(value).array();
  }

  /** CplD for requester 01:00.0 with all of the answer, from a DW's beginning on. */
  static byte[] answer(int tag, int lower, int... dws) {
    ByteBuffer b = ByteBuffer.allocate(12 + 4 * dws.length).putInt(0x4A00_0000 | dws.length);
    b.putInt(4 * dws.length).putInt(0x0100_0000 | tag << 8 | lower);
    for (int dw : dws) {
      b.putInt(dw);
    }
    return b.array();
  }

  /** Cpl without data. */
  static byte[] status(int tag, int status, int lower) {
    ByteBuffer b = ByteBuffer.allocate(12).putInt(0x0A00_0000).putInt(status << 13 | 4);
    return b.putInt(0x0100_0000 | tag << 8 | lower).array();
  }

  /** A DATA frame of session 7. */
  static byte[] frame(int seq, byte[]... records) {
    int bytes = 40;
    for (byte[] record : records) {
      bytes += record.length;
    }
    ByteBuffer b = ByteBuffer.allocate(bytes).putInt(0x5045_1104).putShort((short) 0);
    b.putShort((short) bytes).putInt(7).putInt(seq).position(40);
    for (byte[] record : records) {
      b.put(record);
    }
    return b.array();
  }

  static byte[] record(int stream, int kind, int flags, byte[] body) {
    ByteBuffer b = ByteBuffer.allocate(8 + (body.length + 3 & ~3));
    b.putShort((short) stream).put((byte) kind).put((byte) flags);
    return b.putShort((short) body.length).putShort((short) 9).put(body).array();
  }

  /** Body of a PUSH. */
  static byte[] push(long address, int... dws) {
    ByteBuffer b = ByteBuffer.allocate(12 + 4 * dws.length).putLong(address).putInt(0);
    for (int dw : dws) {
      b.putInt(dw);
    }
    return b.array();
  }

  static byte[] attach(int request, String name) {
    ByteBuffer b = ByteBuffer.allocate(40 + name.length() + 1);
    b.putShort((short) request).put((byte) name.length()).put((byte) 1).position(40);
    return record(0, 0x10, 0, b.put(name.getBytes()).put((byte) 's').array());
  }

  static byte[] attached(int request, int stream) {
    ByteBuffer b = ByteBuffer.allocate(64).putShort((short) request).putLong(8, 9);
    for (int at = 16; at < 40; at += 8) {
      b.putInt(at, 8).putInt(at + 4, 512);
    }
    return record(stream, 0x11, 0, b.array());
  }
}
