package farslot.fuzz;

import farslot.carrier.seal.HandshakeStream;
import farslot.carrier.seal.Opener;
import farslot.carrier.seal.SealFormat;
import farslot.carrier.seal.Sealer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What comes to a protected Ethernet rail. The input is a script: of each step two bytes say which
 * honest packet is taken, and what the network does to it. What is opened is what was sealed, and
 * only once; a handshake's bytes come in order, or not at all.
 */
final class SealTarget implements Target {
  private static final int FRAME_BYTES = 256;
  private static final int HONEST = 24;
  private static final int PHASE_PACKETS = 5;
  private static final long ATTEMPT = 0x0102030405060708L;

  private final List<byte[]> frames = new ArrayList<>();
  private final List<byte[]> packets = new ArrayList<>();

  SealTarget() {
    Sealer sealer = new Sealer(new byte[32], FRAME_BYTES, PHASE_PACKETS, 0);
    MemorySegment to = Arena.ofAuto().allocate(FRAME_BYTES + SealFormat.SEAL_BYTES);
    for (int i = 0; i < HONEST; i++) {
      byte[] frame = new byte[40 + 4 * i];
      Arrays.fill(frame, (byte) i);
      MemorySegment from = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, frame);
      int bytes = sealer.seal(from, 0, frame.length, to, 0, 0);
      frames.add(frame);
      packets.add(to.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Override
  public void run(byte[] input) {
    ByteBuffer script = ByteBuffer.wrap(input);
    open(script.duplicate());
    handshake(script);
  }

  private void open(ByteBuffer script) {
    Opener opener = new Opener(new byte[32], FRAME_BYTES);
    Set<Integer> seen = new HashSet<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(FRAME_BYTES);
      while (script.remaining() >= 2) {
        int which = (script.get() & 0xFF) % HONEST;
        int what = script.get() & 0xFF;
        byte[] packet = spoiled(packets.get(which), what, script);
        MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_BYTE, packet);
        int bytes = opener.open(from, 0, packet.length, to, 0, 0);
        if (bytes >= 0) {
          byte[] frame = to.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
          int number = frame[0];
          if (!Arrays.equals(frame, frames.get(number)) || !seen.add(number)) {
            throw new AssertionError("opened what was not sealed, or twice: " + number);
          }
        }
      }
    }
  }

  /** As it is; cut; with bytes changed; or something else altogether. */
  private static byte[] spoiled(byte[] packet, int what, ByteBuffer script) {
    byte[] bad = packet.clone();
    switch (what & 3) {
      case 0:
        return bad;
      case 1:
        return Arrays.copyOf(bad, Math.max(1, bad.length * (what >> 2) / 64));
      case 2:
        for (int i = 0; i <= what >> 6 && script.remaining() >= 2; i++) {
          bad[(script.get() & 0xFF) % bad.length] ^= script.get();
        }
        return bad;
      default:
        int bytes = Math.min(script.remaining(), what >> 2);
        byte[] own = new byte[Math.max(1, bytes)];
        script.get(own, 0, bytes);
        return own;
    }
  }

  /** KEYS packets made of the input, with their CRC put right: few would get anywhere without. */
  private static void handshake(ByteBuffer script) {
    HandshakeStream stream = new HandshakeStream(ATTEMPT, true);
    stream.offer(ByteBuffer.wrap(new byte[3000]));
    ByteBuffer into = ByteBuffer.allocate(4096);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(2000);
      long nowNs = 0;
      while (script.remaining() >= 4) {
        int bytes = Math.min(script.get() & 0x3F, script.remaining() - 3);
        HandshakeStream other = new HandshakeStream(script.get() == 0 ? 1 : ATTEMPT, false);
        byte[] body = new byte[bytes];
        int seq = script.get();
        int ack = script.get();
        script.get(body);
        other.offer(ByteBuffer.wrap(body));
        int length = other.write(out, 0, nowNs);
        if (length > 0) {
          Wire.numbers(out, length, seq, ack);
        }
        int before = into.position();
        if (length > 0
            && HandshakeStream.check(out, 0, length, false)
            && stream.take(out, 0, into)
            && into.position() - before > bytes) {
          throw new AssertionError("more bytes than came");
        }
        nowNs += 10_000_000;
        while ((length = stream.write(out, 0, nowNs)) > 0) {
          if (!HandshakeStream.check(out, 0, length, true)) {
            throw new AssertionError("says what it would not take");
          }
        }
      }
    }
  }

  private static final class Wire {
    /** Puts other numbers into a KEYS packet, and the CRC that belongs to them. */
    static void numbers(MemorySegment packet, int length, int seq, int ack) {
      byte[] bytes = packet.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      ByteBuffer b = ByteBuffer.wrap(bytes);
      b.putInt(SealFormat.SEQ_AT, seq).putInt(SealFormat.ACK_AT, ack).putInt(SealFormat.CRC_AT, 0);
      java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
      crc.update(bytes);
      b.putInt(SealFormat.CRC_AT, (int) crc.getValue());
      MemorySegment.copy(bytes, 0, packet, ValueLayout.JAVA_BYTE, 0, length);
    }
  }

  @Override
  public List<byte[]> seeds() {
    byte[] all = new byte[2 * HONEST];
    for (int i = 0; i < HONEST; i++) {
      all[2 * i] = (byte) (HONEST - 1 - i);
    }
    return List.of(
        all,
        new byte[] {0, 0, 0, 0, 7, 0, 12, 0, 3, 0},
        new byte[] {5, 2, 3, 1, 0, 0, 9, 1, 1, 0x41, 4, 1, 1, 0, 9, 9, 9, 9});
  }
}
