package farslot.fuzz;

import farslot.link.Discover;
import farslot.link.DiscoveryCodec;
import farslot.link.Offer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;

/** What comes to an Ethernet segment's group address: what the check passes comes back the same. */
final class DiscoveryTarget implements Target {
  private static final int TYPE_AT = 3;
  private static final int DISCOVER = 7;
  private static final int LEAST_BYTES = 128;

  private final DiscoveryCodec codec = new DiscoveryCodec();

  @Override
  public void run(byte[] input) {
    // A CRC that has to be guessed would end all inputs in the same place.
    byte[] bytes = input.length >= Frames.HEADER_BYTES ? sealed(input) : input;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      if (codec.check(segment, 0, bytes.length) == null) {
        comesBack(segment, ByteBuffer.wrap(bytes).getShort(6) & 0xFFFF, arena);
      }
    }
  }

  private static byte[] sealed(byte[] input) {
    ByteBuffer frame = ByteBuffer.wrap(input.clone());
    int length = frame.getShort(6) & 0xFFFF;
    if (length < Frames.HEADER_BYTES || length > input.length) {
      return input;
    }
    byte[] whole = java.util.Arrays.copyOf(input, length);
    Frames.sealed(ByteBuffer.wrap(whole));
    return frame.put(0, whole).array();
  }

  private void comesBack(MemorySegment segment, int frameBytes, Arena arena) {
    MemorySegment again = arena.allocate(frameBytes);
    boolean same;
    if (segment.get(ValueLayout.JAVA_BYTE, TYPE_AT) == DISCOVER) {
      Discover discover = Discover.read(segment, 0);
      codec.write(again, 0, discover, frameBytes);
      same = codec.check(again, 0, frameBytes) == null && Discover.read(again, 0).equals(discover);
    } else {
      Offer offer = Offer.read(segment, 0);
      if (frameBytes < LEAST_BYTES) {
        return; // Shorter than what it may answer, but harmless.
      }
      codec.write(again, 0, offer, frameBytes);
      same = codec.check(again, 0, frameBytes) == null && Offer.read(again, 0).equals(offer);
    }
    if (!same) {
      throw new AssertionError("comes back as something else");
    }
  }

  @Override
  public List<byte[]> seeds() {
    byte[] discover = new byte[88];
    discover[8] = 2;
    discover[12] = 'a';
    discover[13] = 'b';
    byte[] offer = new byte[120];
    ByteBuffer b = ByteBuffer.wrap(offer).putLong(7).putLong(8).putShort((short) 8996);
    b.putShort((short) 3).putShort((short) 2).put((byte) 1).put((byte) 0).put((byte) 'n');
    b.put((byte) 2).put((byte) 'd').put((byte) '0').put((byte) 1).put((byte) 'x');
    return List.of(
        Frames.sealed(Frames.frame(DISCOVER, 0, 0, 0, 0, discover)).array(),
        Frames.sealed(Frames.frame(DISCOVER, 0, 0, 0, 0, new byte[500])).array(),
        Frames.sealed(Frames.frame(8, 0, 0, 0, 0, offer)).array());
  }
}
