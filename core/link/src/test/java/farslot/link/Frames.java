package farslot.link;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Builds and reads frames with this test's own copy of the bits; knows nothing of the product's.
 */
final class Frames {
  static final int HELLO = 1;
  static final int WELCOME = 2;
  static final int REFUSE = 3;
  static final int DATA = 4;
  static final int ACK = 5;
  static final int BYE = 6;

  private Frames() {}

  /** A frame as it lay on the rail. */
  record Frame(
      int version,
      int type,
      int flags,
      int session,
      int seq,
      int ack,
      int sack,
      int txTime,
      int echoTime,
      int echoDelay,
      int crc,
      byte[] body) {
    boolean replayed() {
      return (flags & 8) != 0;
    }

    boolean nak() {
      return (flags & 4) != 0;
    }

    String text() {
      ByteBuffer b = ByteBuffer.wrap(body);
      int code = b.getShort();
      byte[] text = new byte[b.getShort()];
      b.get(text);
      return code + ": " + new String(text, StandardCharsets.UTF_8);
    }

    List<Rec> records() {
      List<Rec> all = new ArrayList<>();
      ByteBuffer b = ByteBuffer.wrap(body);
      while (b.hasRemaining()) {
        int stream = b.getShort() & 0xFFFF;
        int kind = b.get() & 0xFF;
        int flags = b.get() & 0xFF;
        int length = b.getShort() & 0xFFFF;
        int tag = b.getShort() & 0xFFFF;
        byte[] bytes = new byte[length];
        b.get(bytes);
        b.position(b.position() + (4 - length % 4) % 4);
        all.add(new Rec(stream, kind, flags, tag, bytes));
      }
      return all;
    }
  }

  /** A record in a DATA frame. */
  record Rec(int stream, int kind, int flags, int tag, byte[] body) {
    ByteBuffer buffer() {
      return ByteBuffer.wrap(body);
    }
  }

  static Frame parse(byte[] bytes) {
    ByteBuffer b = ByteBuffer.wrap(bytes);
    if (b.getShort() != 0x5045) {
      throw new AssertionError("magic");
    }
    int version = b.get() & 0xFF;
    int type = b.get() & 0xFF;
    int flags = b.getShort() & 0xFFFF;
    if ((b.getShort() & 0xFFFF) != bytes.length) {
      throw new AssertionError("length");
    }
    int[] words = new int[8];
    for (int i = 0; i < words.length; i++) {
      words[i] = b.getInt();
    }
    byte[] body = new byte[b.remaining()];
    b.get(body);
    return new Frame(
        version, type, flags, words[0], words[1], words[2], words[3], words[4], words[5], words[6],
        words[7], body);
  }

  static byte[] frame(int type, int flags, int session, int seq, int ack, byte[]... parts) {
    byte[] body = join(parts);
    ByteBuffer b = ByteBuffer.allocate(40 + body.length);
    b.putShort((short) 0x5045).put((byte) 0x12).put((byte) type).putShort((short) flags);
    b.putShort((short) b.capacity());
    b.putInt(session).putInt(seq).putInt(ack).putInt(0).putInt(0).putInt(0).putInt(0).putInt(0);
    b.put(body);
    return b.array();
  }

  /** The same, answering the frame of that time. */
  static byte[] echoing(byte[] frame, int time) {
    ByteBuffer.wrap(frame).putInt(28, time);
    return frame;
  }

  static byte[] withCrc(byte[] frame) {
    ByteBuffer b = ByteBuffer.wrap(frame);
    b.putShort(4, (short) (b.getShort(4) | 1)).putInt(36, 0);
    CRC32C crc = new CRC32C();
    crc.update(frame);
    b.putInt(36, (int) crc.getValue());
    return frame;
  }

  static byte[] record(int stream, int kind, int flags, int tag, byte[] body) {
    ByteBuffer b = ByteBuffer.allocate(8 + (body.length + 3) / 4 * 4);
    b.putShort((short) stream).put((byte) kind).put((byte) flags);
    b.putShort((short) body.length).putShort((short) tag).put(body);
    return b.array();
  }

  static byte[] tlp(int stream, int tag, byte[] tlp) {
    return record(stream, 1, 0, tag, tlp);
  }

  /** MWr of so many bytes below 4 GiB, DW aligned. */
  static byte[] memoryWrite(int bytes) {
    ByteBuffer b = ByteBuffer.allocate(12 + bytes);
    int lengthDw = bytes / 4;
    b.putInt(0x40000000 | lengthDw & 0x3FF);
    b.putInt(lengthDw == 1 ? 0x0F : 0xFF).putInt(0x1000);
    return b.array();
  }

  static byte[] memoryRead() {
    return ByteBuffer.allocate(12).putInt(1).putInt(0x0F).putInt(0x1000).array();
  }

  static byte[] helloBody(int frameBytesMax, long instance, long high, long low, String name) {
    return helloBody(0, 0, 0, frameBytesMax, instance, high, low, name);
  }

  static byte[] helloBody(
      int capabilities,
      int reorderFrames,
      int rail,
      int frameBytesMax,
      long instance,
      long high,
      long low,
      String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer b = ByteBuffer.allocate(52 + (utf8.length + 3) / 4 * 4);
    b.putInt(capabilities)
        .putShort((short) frameBytesMax)
        .putShort((short) 512)
        .putShort((short) 1024);
    b.putShort((short) reorderFrames)
        .putInt(1 << 20)
        .putInt(10_000)
        .putInt(3_000)
        .putLong(instance);
    b.putLong(high).putLong(low).put((byte) utf8.length).put((byte) rail).putShort((short) 0);
    b.put(utf8);
    return b.array();
  }

  /** ATTACH with the same number of headers and data credits for all classes. */
  static byte[] attach(int request, long epoch, int headers, int data, String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer b = ByteBuffer.allocate(40 + utf8.length + 4);
    b.putShort((short) request).put((byte) utf8.length).put((byte) 4).putInt(0).putLong(epoch);
    for (int i = 0; i < 3; i++) {
      b.putInt(headers).putInt(data);
    }
    b.put(utf8).put("serv".getBytes(StandardCharsets.UTF_8));
    return record(0, 0x10, 0, 0, b.array());
  }

  static byte[] attached(int request, int stream, long epoch, int headers, int data) {
    ByteBuffer b = ByteBuffer.allocate(64);
    b.putShort((short) request).putShort((short) 0).putInt(0).putLong(epoch);
    for (int i = 0; i < 3; i++) {
      b.putInt(headers).putInt(data);
    }
    b.putShort((short) 0x1B36).putShort((short) 0x10);
    return record(stream, 0x11, 0, (int) epoch & 0xFFFF, b.array());
  }

  static byte[] parting(int stream, int kind, int tag, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer b = ByteBuffer.allocate(4 + utf8.length);
    b.putShort((short) utf8.length).putShort((short) 0).put(utf8);
    return record(stream, kind, 0, tag, b.array());
  }

  static byte[] credit(int stream, int tag, int flow, int headers, int data) {
    byte[] body = ByteBuffer.allocate(12).putInt(flow << 24).putInt(headers).putInt(data).array();
    return record(stream, 2, 0, tag, body);
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
}
