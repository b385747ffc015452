package farslot.capture;

import static farslot.capture.PcapngFormat.*;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes a pcapng file, block by block, whole ones only. Not for several threads at once. */
public final class PcapngWriter {
  /** The longest packet; others are the caller's mistake. */
  public static final int PACKET_BYTES_MAX = 1 << 17;

  private static final int TEXT_BYTES_MAX = 4096;

  private final OutputStream out;
  private final ByteBuffer block =
      ByteBuffer.allocate(PACKET_BYTES_MAX + 4 * TEXT_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
  private int interfaces;

  /** Writes to this; neither flushes nor closes it. */
  public PcapngWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * Begins the file.
   *
   * @param comment for people; empty for none
   */
  public void section(String application, String comment) throws IOException {
    begin(SECTION_HEADER);
    block.putInt(BYTE_ORDER_MAGIC).putShort((short) VERSION_MAJOR).putShort((short) VERSION_MINOR);
    block.putLong(-1); // Length of the section: not known beforehand.
    text(OPT_COMMENT, comment);
    text(SHB_USERAPPL, application);
    end();
  }

  /**
   * Describes what packets come from.
   *
   * @param linkType {@link PcapngFormat#LINKTYPE_USER0} and so on
   * @return its number, for {@link #packet}
   */
  public int describe(int linkType, String name, String description) throws IOException {
    begin(INTERFACE_DESCRIPTION);
    block.putShort((short) linkType).putShort((short) 0).putInt(0); // No limit to what is captured.
    text(IF_NAME, name);
    text(IF_DESCRIPTION, description);
    option(IF_TSRESOL, 1).put((byte) NANOSECONDS);
    pad();
    end();
    return interfaces++;
  }

  /**
   * One packet.
   *
   * @param timeNs since the beginning of 1970, UTC
   * @param lost packets that were not captured since the one before
   */
  public void packet(
      int from,
      long timeNs,
      boolean inbound,
      long lost,
      MemorySegment segment,
      long offset,
      int bytes)
      throws IOException {
    if (bytes > PACKET_BYTES_MAX) {
      throw new IllegalArgumentException("a packet of " + bytes + " bytes");
    }
    begin(ENHANCED_PACKET);
    block.putInt(from);
    time(timeNs);
    block.putInt(bytes).putInt(bytes);
    MemorySegment.copy(
        segment,
        ValueLayout.JAVA_BYTE,
        offset,
        block.array(),
        block.arrayOffset() + block.position(),
        bytes);
    block.position(block.position() + bytes);
    pad();
    option(EPB_FLAGS, 4).putInt(inbound ? DIRECTION_INBOUND : DIRECTION_OUTBOUND);
    if (lost > 0) {
      option(EPB_DROPCOUNT, 8).putLong(lost);
    }
    end();
  }

  /**
   * What an interface has seen, at the end of the file.
   *
   * @param received packets that were there to be captured
   * @param dropped those of them that were not captured, for want of room
   */
  public void statistics(int from, long timeNs, long received, long dropped) throws IOException {
    begin(INTERFACE_STATISTICS);
    block.putInt(from);
    time(timeNs);
    option(ISB_IFRECV, 8).putLong(received);
    option(ISB_IFDROP, 8).putLong(dropped);
    end();
  }

  private void begin(int type) {
    block.clear().putInt(type).putInt(0);
  }

  /** Time stamps are two halves, the high one first, whatever the byte order. */
  private void time(long timeNs) {
    block.putInt((int) (timeNs >>> 32)).putInt((int) timeNs);
  }

  private ByteBuffer option(int code, int bytes) {
    return block.putShort((short) code).putShort((short) bytes);
  }

  private void text(int code, String text) {
    if (!text.isEmpty()) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      int length = Math.min(bytes.length, TEXT_BYTES_MAX);
      while (length < bytes.length && (bytes[length] & 0xC0) == 0x80) {
        length--;
      }
      option(code, length).put(Arrays.copyOf(bytes, length));
      pad();
    }
  }

  private void pad() {
    while (block.position() % 4 != 0) {
      block.put((byte) 0);
    }
  }

  private void end() throws IOException {
    option(OPT_END, 0);
    int total = block.position() + 4;
    block.putInt(total).putInt(4, total);
    out.write(block.array(), block.arrayOffset(), total);
  }
}
