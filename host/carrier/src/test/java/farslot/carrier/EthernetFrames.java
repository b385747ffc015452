package farslot.carrier;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Frames and packets with this test's own copy of the bits. */
final class EthernetFrames {
  private EthernetFrames() {}

  static byte[] frame(int type, byte[] body) {
    ByteBuffer b = ByteBuffer.allocate(40 + body.length);
    b.putShort((short) 0x5045).put((byte) 0x10).put((byte) type).putShort((short) 1);
    b.putShort((short) b.capacity()).put(new byte[32]).put(body);
    CRC32C crc = new CRC32C();
    crc.update(b.array());
    return b.putInt(36, (int) crc.getValue()).array();
  }

  private static byte[] hello(int type, String name) {
    ByteBuffer b = ByteBuffer.allocate(52 + (name.length() + 3 & ~3));
    b.putInt(0).putShort((short) 1496).putShort((short) 512).putShort((short) 512);
    b.position(48);
    b.put((byte) name.length()).position(52);
    b.put(name.getBytes(StandardCharsets.UTF_8));
    return frame(type, b.array());
  }

  static byte[] hello(String name) {
    return hello(1, name);
  }

  static byte[] welcome() {
    return hello(2, "rack-1");
  }

  /** A DATA frame of a length, with a number in its body. */
  static byte[] data(int frameBytes, int number) {
    return frame(4, ByteBuffer.allocate(frameBytes - 40).putInt(number).array());
  }

  static int number(byte[] data) {
    return ByteBuffer.wrap(data).getInt(40);
  }

  static byte[] discover(long nonce, String name, int frameBytes) {
    ByteBuffer b = ByteBuffer.allocate(frameBytes - 40);
    b.putLong(nonce).put((byte) name.length()).put(new byte[3]);
    b.put(name.getBytes(StandardCharsets.UTF_8));
    return frame(7, b.array());
  }

  static byte[] offer(long nonce, String name, int frameBytes) {
    ByteBuffer b = ByteBuffer.allocate(frameBytes - 40);
    b.putLong(nonce).putLong(5).putShort((short) 1496).putInt(0);
    b.put((byte) name.length()).put((byte) 0).put(name.getBytes(StandardCharsets.UTF_8));
    return frame(8, b.array());
  }

  /** What stands before a frame: addresses, EtherType, ports; hex with spaces. */
  static byte[] header(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", "").replace(":", ""));
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
