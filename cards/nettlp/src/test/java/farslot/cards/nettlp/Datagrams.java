package farslot.cards.nettlp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Datagrams as a program makes them, byte by byte: the test's own copy of the format. */
final class Datagrams {
  private Datagrams() {}

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }

  static String text(byte[] datagram) {
    return HexFormat.of().formatHex(datagram);
  }

  /** MRd of whole bytes; 3 DW below 4 GiB. */
  static byte[] read(int tag, long address, int bytes) {
    return request(0x00, tag, address, bytes, new byte[0]);
  }

  /** MWr. */
  static byte[] write(int tag, long address, byte[] data) {
    return request(0x40, tag, address, data.length, data);
  }

  private static byte[] request(int type, int tag, long address, int bytes, byte[] data) {
    int lead = (int) address & 3;
    int dws = (lead + bytes + 3) / 4;
    int first = bytes < 4 - lead ? (1 << bytes) - 1 << lead : 0xF << lead & 0xF;
    int tail = (lead + bytes) % 4;
    int last = dws == 1 ? 0 : tail == 0 ? 0xF : (1 << tail) - 1;
    boolean wide = address >>> 32 != 0;
    ByteBuffer to = ByteBuffer.allocate(6 + (wide ? 16 : 12) + (data.length == 0 ? 0 : 4 * dws));
    to.putShort((short) 0).putInt(0);
    to.put((byte) (type | (wide ? 0x20 : 0))).put((byte) 0).putShort((short) (dws & 0x3FF));
    to.putShort((short) 0x0300).put((byte) tag).put((byte) (last << 4 | first));
    if (wide) {
      to.putLong(address & ~3);
    } else {
      to.putInt((int) address & ~3);
    }
    if (data.length > 0) {
      to.position(to.position() + lead).put(data);
    }
    return to.array();
  }

  /** CplD that answers some of a request: {@code left} bytes are still due, these included. */
  static byte[] completion(byte[] request, int lowerAddress, int left, byte[] data) {
    int lead = lowerAddress & 3;
    int dws = (lead + data.length + 3) / 4;
    ByteBuffer to = ByteBuffer.allocate(6 + 12 + 4 * dws);
    to.putShort((short) 0).putInt(0);
    to.put((byte) 0x4A).put((byte) 0).putShort((short) (dws & 0x3FF));
    to.putShort((short) 0x0100).putShort((short) (left & 0xFFF));
    to.put(request[10]).put(request[11]).put(request[12]).put((byte) (lowerAddress & 0x7F));
    to.position(to.position() + lead).put(data);
    return to.array();
  }

  /** Cpl without data. */
  static byte[] status(byte[] request, int status) {
    ByteBuffer to = ByteBuffer.allocate(18);
    to.putShort((short) 0).putInt(0).putInt(0x0A000000);
    to.putShort((short) 0x0100).putShort((short) (status << 13 | 4));
    to.put(request[10]).put(request[11]).put(request[12]).put((byte) 0);
    return to.array();
  }

  /** The data of one CplD, without the padding. */
  static byte[] data(byte[] completion) {
    int lead = completion[17] & 3;
    int dws = completion[9] & 0xFF | (completion[8] & 3) << 8;
    int left = completion[13] & 0xFF | (completion[12] & 0xF) << 8;
    left = left == 0 ? 4096 : left;
    int bytes = Math.min((dws == 0 ? 4096 : 4 * dws) - lead, left);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(completion, 18 + lead, bytes);
    return out.toByteArray();
  }

  static int type(byte[] datagram) {
    return datagram[6] & 0xFF;
  }

  static long address(byte[] request) {
    ByteBuffer from = ByteBuffer.wrap(request);
    return (type(request) & 0x20) != 0 ? from.getLong(14) : from.getInt(14) & 0xFFFF_FFFFL;
  }
}
