package farslot.carrier.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bytes of a handshake come through in order, whatever happens to packets. */
class HandshakeStreamTest {
  private static final long ATTEMPT = 77;
  private final MemorySegment packet = Arena.ofAuto().allocate(2000);

  private record Parcel(byte[] bytes, boolean up) {}

  @RepeatedTest(50)
  @Tag("PCIEOE-206")
  void lossRepetitionAndOrderCostTimeOnly(RepetitionInfo info) {
    Random random = new Random(info.getCurrentRepetition());
    HandshakeStream near = new HandshakeStream(ATTEMPT, false);
    HandshakeStream far = new HandshakeStream(ATTEMPT, true);
    byte[] up = new byte[1 + random.nextInt(9000)];
    byte[] down = new byte[1 + random.nextInt(9000)];
    random.nextBytes(up);
    random.nextBytes(down);
    near.offer(ByteBuffer.wrap(up));
    far.offer(ByteBuffer.wrap(down));
    ByteBuffer atFar = ByteBuffer.allocate(10_000);
    ByteBuffer atNear = ByteBuffer.allocate(10_000);
    List<Parcel> underWay = new ArrayList<>();
    long nowNs = 0;
    int steps = 0;
    while (!near.idle() || !far.idle()) {
      assertThat(steps++).isLessThan(20_000);
      nowNs += 5_000_000;
      send(near, true, nowNs, underWay, random);
      send(far, false, nowNs, underWay, random);
      while (!underWay.isEmpty() && random.nextInt(4) != 0) {
        Parcel parcel = underWay.remove(random.nextInt(underWay.size()));
        byte[] bytes = parcel.bytes.clone();
        if (random.nextInt(10) == 0) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        MemorySegment at = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, bytes);
        if (HandshakeStream.check(at, 0, bytes.length, !parcel.up)) {
          (parcel.up ? far : near).take(at, 0, parcel.up ? atFar : atNear);
        }
      }
    }
    assertThat(atFar.flip()).isEqualTo(ByteBuffer.wrap(up));
    assertThat(atNear.flip()).isEqualTo(ByteBuffer.wrap(down));
  }

  private void send(
      HandshakeStream from, boolean up, long nowNs, List<Parcel> underWay, Random random) {
    for (int bytes; (bytes = from.write(packet, 0, nowNs)) > 0; ) {
      byte[] copy = packet.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
      for (int i = random.nextInt(10) / 3; i > 0; i--) {
        underWay.add(new Parcel(copy, up));
      }
    }
  }

  @Test
  @Tag("PCIEOE-206")
  void anotherAttemptsPacketsAreNoneOfOurs() {
    HandshakeStream near = new HandshakeStream(ATTEMPT, false);
    near.offer(ByteBuffer.wrap(new byte[100]));
    int bytes = near.write(packet, 0, 0);
    assertThat(HandshakeStream.check(packet, 0, bytes, false)).isTrue();
    assertThat(HandshakeStream.check(packet, 0, bytes, true)).isFalse();
    assertThat(HandshakeStream.begins(packet, 0)).isTrue();
    ByteBuffer into = ByteBuffer.allocate(200);
    assertThat(new HandshakeStream(ATTEMPT + 1, true).take(packet, 0, into)).isFalse();
    assertThat(into.position()).isZero();
    assertThat(new HandshakeStream(ATTEMPT, true).take(packet, 0, into)).isTrue();
    assertThat(into.position()).isEqualTo(100);
  }

  @Test
  @Tag("PCIEOE-206")
  void whatIsNotAcknowledgedIsSentAgainMoreAndMoreSlowly() {
    HandshakeStream near = new HandshakeStream(ATTEMPT, false);
    near.offer(ByteBuffer.wrap(new byte[10]));
    int sent = 0;
    for (long nowNs = 0; nowNs < 3_000_000_000L; nowNs += 1_000_000) {
      sent += near.write(packet, 0, nowNs) > 0 ? 1 : 0;
    }
    assertThat(sent).isEqualTo(10);
  }

  @Test
  void moreThanAHandshakeIsNotTaken() {
    HandshakeStream near = new HandshakeStream(ATTEMPT, false);
    assertThat(near.offer(ByteBuffer.allocate(65_536))).isTrue();
    assertThat(near.offer(ByteBuffer.allocate(1))).isFalse();
  }
}
