package farslot.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The packets of a little-endian pcapng file, one after the other: our own captures, and what
 * Wireshark and its tools write on machines like ours.
 */
public final class CaptureFile {
  /** Interfaces in a section: more are a file that wants memory, not a capture. */
  private static final int INTERFACES_MAX = 1 << 16;

  private static final int PACKET_FIELDS_BYTES = 20;
  private static final int INTERFACE_FIELDS_BYTES = 8;
  private static final int SECTION_FIELDS_BYTES = 16;
  private static final int MICROSECONDS = 6;

  /** Where a packet was going, seen from who captured it. */
  public enum Direction {
    UNKNOWN,
    INBOUND,
    OUTBOUND
  }

  /**
   * What packets come from.
   *
   * @param linkType {@link PcapngFormat#LINKTYPE_USER0} and so on
   * @param name empty if the file has none
   * @param timeResolution as if_tsresol says: 9 for nanoseconds; with bit 7 set a power of two
   */
  private record Face(int linkType, String name, int timeResolution) {}

  /**
   * A packet.
   *
   * @param number 1 for the file's first: Wireshark's {@code frame.number}
   * @param timeNs since the beginning of 1970
   * @param from the interface's name
   */
  public record Packet(
      long number, long timeNs, int linkType, String from, Direction direction, byte[] bytes) {}

  /** Takes an option: its code and value. */
  private interface OptionSink {
    void onOption(int code, ByteBuffer value);
  }

  private final PcapngReader reader;
  private final List<Face> faces = new ArrayList<>();
  private String comment = "";
  private long packets;

  public CaptureFile(InputStream in) {
    reader = new PcapngReader(in);
  }

  /** What the file says of itself, as far as it was read; empty for nothing. */
  public String comment() {
    return comment;
  }

  /**
   * The next packet, or empty at the end.
   *
   * @throws IOException when this is no pcapng file, or one that contradicts itself
   */
  public Optional<Packet> next() throws IOException {
    for (Optional<PcapngReader.Block> block = reader.next();
        block.isPresent();
        block = reader.next()) {
      ByteBuffer body = block.get().body();
      switch (block.get().type()) {
        case PcapngFormat.SECTION_HEADER -> section(body);
        case PcapngFormat.INTERFACE_DESCRIPTION -> face(body);
        case PcapngFormat.ENHANCED_PACKET -> {
          return Optional.of(packet(body));
        }
        default -> {
          // Statistics and the like: nothing of it is a packet.
        }
      }
    }
    return Optional.empty();
  }

  private void section(ByteBuffer body) throws IOException {
    skip(body, SECTION_FIELDS_BYTES);
    faces.clear();
    options(
        body,
        (code, value) -> {
          if (code == PcapngFormat.OPT_COMMENT && comment.isEmpty()) {
            comment = text(value);
          }
        });
  }

  private void face(ByteBuffer body) throws IOException {
    if (faces.size() == INTERFACES_MAX) {
      throw new IOException("more than " + INTERFACES_MAX + " interfaces in a capture");
    }
    if (body.remaining() < INTERFACE_FIELDS_BYTES) {
      throw new IOException("an interface description of " + body.remaining() + " bytes");
    }
    int linkType = body.getShort(0) & 0xFFFF;
    skip(body, INTERFACE_FIELDS_BYTES);
    String[] name = {""};
    int[] resolution = {MICROSECONDS};
    options(
        body,
        (code, value) -> {
          if (code == PcapngFormat.IF_NAME) {
            name[0] = text(value);
          } else if (code == PcapngFormat.IF_TSRESOL && value.hasRemaining()) {
            resolution[0] = value.get(value.position()) & 0xFF;
          }
        });
    faces.add(new Face(linkType, name[0], resolution[0]));
  }

  private Packet packet(ByteBuffer body) throws IOException {
    if (body.remaining() < PACKET_FIELDS_BYTES) {
      throw new IOException("a packet block of " + body.remaining() + " bytes");
    }
    int face = body.getInt(0);
    long time = (long) body.getInt(4) << 32 | body.getInt(8) & 0xFFFF_FFFFL;
    int captured = body.getInt(12);
    if (face < 0 || face >= faces.size()) {
      throw new IOException("a packet from interface " + face + ", which is not described");
    }
    if (captured < 0 || captured > body.remaining() - PACKET_FIELDS_BYTES) {
      throw new IOException("a packet of " + captured + " bytes in a shorter block");
    }
    byte[] bytes = new byte[captured];
    body.get(PACKET_FIELDS_BYTES, bytes);
    skip(body, Math.min(PACKET_FIELDS_BYTES + (captured + 3 & ~3), body.remaining()));
    int[] flags = {0};
    options(
        body,
        (code, value) -> {
          if (code == PcapngFormat.EPB_FLAGS && value.remaining() == Integer.BYTES) {
            flags[0] = value.getInt(value.position());
          }
        });
    Face from = faces.get(face);
    return new Packet(
        ++packets,
        nanoseconds(time, from.timeResolution()),
        from.linkType(),
        from.name(),
        direction(flags[0]),
        bytes);
  }

  private static Direction direction(int flags) {
    return switch (flags & 3) {
      case PcapngFormat.DIRECTION_INBOUND -> Direction.INBOUND;
      case PcapngFormat.DIRECTION_OUTBOUND -> Direction.OUTBOUND;
      default -> Direction.UNKNOWN;
    };
  }

  private static long nanoseconds(long time, int resolution) {
    boolean binary = (resolution & 0x80) != 0;
    int exponent = resolution & 0x7F;
    double unit = binary ? Math.pow(2, -exponent) : Math.pow(10, -exponent);
    return !binary && exponent == PcapngFormat.NANOSECONDS ? time : (long) (time * unit * 1e9);
  }

  private static void skip(ByteBuffer body, int bytes) throws IOException {
    if (bytes > body.remaining()) {
      throw new IOException("a pcapng block that ends inside its fields");
    }
    body.position(body.position() + bytes);
  }

  private static void options(ByteBuffer body, OptionSink sink) throws IOException {
    while (body.remaining() >= 4) {
      int code = body.getShort() & 0xFFFF;
      int bytes = body.getShort() & 0xFFFF;
      if (code == PcapngFormat.OPT_END) {
        return;
      }
      if (bytes > body.remaining()) {
        throw new IOException("a pcapng option that is longer than its block");
      }
      sink.onOption(code, body.slice(body.position(), bytes).order(body.order()));
      skip(body, Math.min(bytes + 3 & ~3, body.remaining()));
    }
  }

  private static String text(ByteBuffer value) {
    return StandardCharsets.UTF_8.decode(value.duplicate()).toString();
  }
}
