package farslot.fuzz;

import java.nio.ByteBuffer;

/** TLPs with this module's own copy of the bits. */
final class Tlps {
  private static final int WITH_DATA = 0x40;
  private static final int FOUR_DW = 0x20;

  private Tlps() {}

  static byte[] memoryWrite(int address, int bytes) {
    ByteBuffer b = ByteBuffer.allocate(12 + bytes);
    b.putInt(0x40000000 | bytes / 4 & 0x3FF).putInt(bytes == 4 ? 0x0F : 0xFF).putInt(address);
    return b.array();
  }

  static byte[] memoryRead(int address, int tag) {
    return ByteBuffer.allocate(12).putInt(1).putInt(tag << 8 | 0x0F).putInt(address).array();
  }

  static byte[] memoryWriteDw(int address, int value) {
    byte[] tlp = memoryWrite(address, 4);
    ByteBuffer.wrap(tlp).putInt(12, Integer.reverseBytes(value));
    return tlp;
  }

  static byte[] configWrite(int register, int firstBe, int value) {
    return ByteBuffer.allocate(16)
        .putInt(0x44000001)
        .putInt(firstBe)
        .putInt(0x01000000 | register)
        .putInt(Integer.reverseBytes(value))
        .array();
  }

  static byte[] configRead(int register, int tag) {
    ByteBuffer b = ByteBuffer.allocate(12).putInt(0x04000001).putInt(tag << 8 | 0x0F);
    return b.putInt(0x01000000 | register).array();
  }

  /** Answers a read in one CplD, or, for a status other than 0, without data. */
  static byte[] completion(
      int requesterId, int tag, int status, int byteCount, int lowerAddress, byte[] data) {
    int lengthDw = data.length / 4;
    ByteBuffer b = ByteBuffer.allocate(12 + data.length);
    b.putInt((lengthDw == 0 ? 0x0A000000 : 0x4A000000) | lengthDw & 0x3FF | high(tag));
    b.putInt(status << 13 | byteCount & 0xFFF);
    return b.putInt(requesterId << 16 | (tag & 0xFF) << 8 | lowerAddress & 0x7F).put(data).array();
  }

  private static int high(int tag) {
    return (tag & 0x200) << 14 | (tag & 0x100) << 11;
  }

  /**
   * A TLP whose header the script says, with a length that fits what is there: others would all end
   * in the same check.
   */
  static byte[] scripted(Script script) {
    int fmtType = script.u8();
    int header = (fmtType & FOUR_DW) == 0 ? 12 : 16;
    boolean data = (fmtType & 0xC0) == WITH_DATA;
    int lengthDw = data ? 1 + (script.u8() & 0x3F) : 0;
    byte[] tlp = new byte[header + 4 * lengthDw];
    byte[] fields = script.bytes(header - 1);
    System.arraycopy(fields, 0, tlp, 1, fields.length);
    tlp[0] = (byte) fmtType;
    if (data) {
      tlp[2] &= 0x7C;
      tlp[3] = (byte) lengthDw;
      byte[] bytes = script.bytes(4 * lengthDw);
      System.arraycopy(bytes, 0, tlp, header, bytes.length);
    }
    return tlp;
  }

  /** What {@link #scripted} reads as this TLP. */
  static void write(Script.Writer to, byte[] tlp) {
    int header = (tlp[0] & FOUR_DW) == 0 ? 12 : 16;
    to.u8(tlp[0]);
    if (tlp.length > header) {
      to.u8((tlp.length - header) / 4 - 1);
    }
    to.bytes(java.util.Arrays.copyOfRange(tlp, 1, tlp.length));
  }
}
