package farslot.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/** Frames with this module's own copy of the bits. */
final class Frames {
  static final int HELLO = 1;
  static final int WELCOME = 2;
  static final int REFUSE = 3;
  static final int DATA = 4;
  static final int ACK = 5;
  static final int BYE = 6;
  static final int HEADER_BYTES = 40;
  static final int TOKEN_AT = HEADER_BYTES + 32;

  private Frames() {}

  /** A frame whose length is right. */
  static ByteBuffer frame(int type, int flags, int session, int seq, int ack, byte[] body) {
    ByteBuffer b = ByteBuffer.allocate(HEADER_BYTES + (body.length + 3 & ~3));
    b.putShort((short) 0x5045).put((byte) 0x10).put((byte) type).putShort((short) flags);
    b.putShort((short) b.capacity()).putInt(session).putInt(seq).putInt(ack);
    return b.put(HEADER_BYTES, body);
  }

  /** Puts the CRC in. */
  static ByteBuffer sealed(ByteBuffer frame) {
    frame.putShort(4, (short) (frame.getShort(4) | 1)).putInt(36, 0);
    CRC32C crc = new CRC32C();
    crc.update(frame.array());
    return frame.putInt(36, (int) crc.getValue());
  }

  static byte[] record(int stream, int kind, int flags, int tag, byte[] body) {
    ByteBuffer b = ByteBuffer.allocate(8 + (body.length + 3 & ~3));
    b.putShort((short) stream).put((byte) kind).put((byte) flags);
    return b.putShort((short) body.length).putShort((short) tag).put(body).array();
  }

  static byte[] hello(String name) {
    return hello(name, 0);
  }

  /** With all that there is, over that rail. */
  static byte[] hello(String name, int rail) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer b = ByteBuffer.allocate(52 + (utf8.length + 3 & ~3));
    b.putInt(15).putShort((short) 1500).putShort((short) 512).putShort((short) 1024);
    b.putShort((short) 64).putInt(1 << 18).putInt(10_000).putInt(3_000).putLong(11);
    return b.put(48, (byte) utf8.length).put(49, (byte) rail).put(52, utf8).array();
  }

  static byte[] attach(int request, String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer b = ByteBuffer.allocate(40 + utf8.length + 1);
    b.putShort((short) request).put((byte) utf8.length).put((byte) 1).putInt(0).putLong(0);
    for (int flow = 0; flow < 3; flow++) {
      b.putInt(8).putInt(512);
    }
    return record(0, 0x10, 0, 0, b.put(utf8).put((byte) 's').array());
  }

  static byte[] attached(int request, int stream, int epoch) {
    ByteBuffer b = ByteBuffer.allocate(64).putShort((short) request).putLong(8, epoch);
    b.position(16);
    for (int flow = 0; flow < 3; flow++) {
      b.putInt(8).putInt(512);
    }
    return record(stream, 0x11, 0, epoch, b.array());
  }

  static byte[] refused(int request) {
    byte[] body = {0, (byte) request, 0, 2, 1, 0, 0, 2, 'h', 'n', 'o'};
    return record(0, 0x12, 0, 0, body);
  }

  /** So many bytes of memory; {@code flags} 2 for steady, 1 for more to come. */
  static byte[] push(int stream, int flags, long address, int bytes) {
    byte[] body = ByteBuffer.allocate(12 + bytes).putLong(address).array();
    return record(stream, 4, flags, 9, body);
  }

  /** So many bytes of registers, or with {@code flags} 1 a range where writes are harmless. */
  static byte[] event(int stream, int flags, int offset, int bytes) {
    byte[] body = ByteBuffer.allocate(12 + bytes).put(1, (byte) flags).putInt(8, offset).array();
    body[body.length - 1] = 4;
    return record(stream, 5, 0, 9, body);
  }

  static byte[] parting(int stream, int kind, int epoch) {
    return record(stream, kind, 0, epoch, new byte[] {0, 1, 0, 0, 'x'});
  }

  static byte[] credit(int stream, int epoch, int flow, int headers, int data) {
    byte[] body = ByteBuffer.allocate(12).putInt(flow << 24).putInt(headers).putInt(data).array();
    return record(stream, 2, 0, epoch, body);
  }

  static byte[] join(byte[]... parts) {
    int bytes = 0;
    for (byte[] part : parts) {
      bytes += part.length;
    }
    ByteBuffer b = ByteBuffer.allocate(bytes);
    for (byte[] part : parts) {
      b.put(part);
    }
    return b.array();
  }

  static byte[] refusal(int code) {
    return new byte[] {0, (byte) code, 0, 2, 'n', 'o', 0, 0};
  }

  /** One of each, with records of each kind. */
  static List<byte[]> samples() {
    byte[] write = Tlps.memoryWrite(0x1000, 16);
    byte[] records =
        join(
            attach(1, "disk"),
            attached(1, 1, 9),
            refused(2),
            record(1, 1, 0, 9, write),
            record(1, 1, 1, 9, new byte[] {0x40, 0, 0, 1}),
            record(1, 1, 0, 9, new byte[] {0, 0, 0, 15, 0, 0, 16, 0, 1, 2, 3, 4}),
            record(1, 1, 0, 9, Tlps.memoryRead(0x1000, 7)),
            credit(1, 9, 0, 80, 2000),
            record(1, 3, 0, 9, new byte[0]),
            push(1, 2, 0x1_0000_0FC0L, 64),
            push(1, 1, 0x2000, 4),
            record(1, 4, 0, 9, new byte[5]),
            record(1, 6, 0, 9, new byte[0]),
            event(1, 1, 0x1000, 4),
            event(1, 0, 0x1C, 8),
            record(1, 0x90, 0, 9, new byte[7]),
            parting(1, 0x13, 9),
            parting(1, 0x14, 9));
    return List.of(
        frame(HELLO, 0, 0, 0, 1, hello("server-1")).array(),
        sealed(frame(WELCOME, 2, 7, 0, 1, hello("appliance"))).array(),
        frame(REFUSE, 0, 7, 0, 0, refusal(3)).array(),
        frame(BYE, 0, 7, 1, 1, refusal(0)).array(),
        sealed(frame(ACK, 4, 7, 1, 1, new byte[16])).array(),
        frame(DATA, 0, 7, 1, 1, records).array());
  }
}
