package farslot.carrier.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is sealed comes out once and unchanged, or not at all. */
class SealTest {
  private static final int FRAME_BYTES = 1464;
  private static final long NOW = 5_000_000_000L;
  private static final int NUMBER_AT = 8;
  private static final int PHASE_AT = 3;
  private final long seed = Long.getLong("farslot.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final MemorySegment out = Arena.ofAuto().allocate(65_536);
  private final MemorySegment in = Arena.ofAuto().allocate(65_536);
  private Sealer sealer = new Sealer(secret(), FRAME_BYTES, 1 << 20, NOW);
  private final Opener opener = new Opener(secret(), FRAME_BYTES);

  private static byte[] secret() {
    byte[] secret = new byte[32];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) i;
    }
    return secret;
  }

  private byte[] frame(int bytes) {
    byte[] frame = new byte[bytes];
    random.nextBytes(frame);
    return frame;
  }

  private byte[] seal(byte[] frame) {
    MemorySegment from = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, frame);
    int bytes = sealer.seal(from, 0, frame.length, out, 64, NOW);
    return out.asSlice(64, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  private byte[] open(byte[] packet) {
    return open(packet, NOW);
  }

  /** Null when it was dropped. */
  private byte[] open(byte[] packet, long nowNs) {
    MemorySegment from =
        packet.length == 0
            ? MemorySegment.NULL
            : Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, packet);
    int bytes = opener.open(from, 0, packet.length, in, 0, nowNs);
    return bytes < 0 ? null : in.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void everyLengthComesOut() {
    for (int bytes : new int[] {4, 40, 44, 128, 1000, FRAME_BYTES}) {
      byte[] frame = frame(bytes);
      byte[] packet = seal(frame);
      assertThat(packet).hasSize(bytes + 32);
      assertThat(open(Arrays.copyOf(packet, packet.length + 14))).isEqualTo(frame);
    }
  }

  @Test
  @Tag("PCIEOE-208")
  void anyChangedBitDropsThePacketAndNothingElse() {
    byte[] frame = frame(64);
    byte[] packet = seal(frame);
    for (int bit = 0; bit < packet.length * 8; bit++) {
      byte[] bad = packet.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      // The magic number and the kind are looked at before, yet guarded as well.
      assertThat(open(bad)).as("bit %d", bit).isNull();
    }
    assertThat(opener.forged() + opener.malformed() + opener.replayed())
        .isEqualTo(packet.length * 8L);
    assertThat(opener.phase()).isZero();
    assertThat(open(packet)).isEqualTo(frame);
  }

  @Test
  @Tag("PCIEOE-208")
  void whatIsCutOffOrMadeUpIsDropped() {
    byte[] packet = seal(frame(200));
    for (int bytes = 0; bytes < packet.length; bytes++) {
      assertThat(open(Arrays.copyOf(packet, bytes))).isNull();
    }
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = frame(random.nextInt(2000));
      if (noise.length > 16 && random.nextBoolean()) {
        System.arraycopy(packet, 0, noise, 0, 16);
        noise[PHASE_AT] = (byte) random.nextInt(4);
        noise[15] = (byte) random.nextInt();
      }
      assertThat(open(noise)).as("seed %d", seed).isNull();
    }
    assertThat(opener.phase()).isZero();
  }

  @Test
  @Tag("PCIEOE-209")
  void repetitionsAreDropped() {
    byte[] packet = seal(frame(100));
    assertThat(open(packet)).isNotNull();
    assertThat(open(packet)).isNull();
    assertThat(opener.replayed()).isEqualTo(1);
  }

  @Test
  @Tag("PCIEOE-209")
  void orderDoesNotMatterWithinTheWindow() {
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      packets.add(seal(frame(8)));
    }
    Collections.shuffle(packets, random);
    for (byte[] packet : packets) {
      assertThat(open(packet)).as("seed %d", seed).isNotNull();
    }
    for (byte[] packet : packets) {
      assertThat(open(packet)).as("seed %d", seed).isNull();
    }
    assertThat(opener.replayed()).isEqualTo(4000);
  }

  @Test
  @Tag("PCIEOE-209")
  void whatIsOlderThanTheWindowIsDropped() {
    byte[] first = seal(frame(8));
    byte[] second = seal(frame(8));
    for (int i = 2; i < 4096; i++) {
      seal(frame(8));
    }
    assertThat(open(seal(frame(8)))).isNotNull(); // Number 4096.
    assertThat(open(second)).isNotNull();
    assertThat(open(first)).isNull();
  }

  /** The window against a set that forgets nothing. */
  @Test
  @Tag("PCIEOE-209")
  void theWindowIsExact() {
    ReplayWindow window = new ReplayWindow();
    Set<Long> taken = new HashSet<>();
    long newest = -1;
    for (int i = 0; i < 300_000; i++) {
      long jump = random.nextInt(100) == 0 ? 10_000 : 100;
      long number = Math.max(0, newest + random.nextLong(-5000, jump));
      boolean expected = number > newest - 4096 && !taken.contains(number);
      assertThat(window.isNew(number)).as("seed %d, step %d", seed, i).isEqualTo(expected);
      if (expected) {
        window.take(number);
        taken.add(number);
        newest = Math.max(newest, number);
      }
    }
  }

  @Test
  @Tag("PCIEOE-210")
  void keysChangeAndLatePacketsOfTheOldOnesAreStillTaken() {
    sealer = new Sealer(secret(), FRAME_BYTES, 10, NOW);
    List<byte[]> packets = new ArrayList<>();
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      frames.add(frame(50));
      packets.add(seal(frames.get(i)));
      assertThat(packets.get(i)[PHASE_AT]).isEqualTo((byte) (i / 10));
    }
    for (int i : new int[] {0, 1, 10, 2, 11, 9, 12}) {
      assertThat(open(packets.get(i))).isEqualTo(frames.get(i));
    }
    assertThat(opener.phase()).isEqualTo(1);
    assertThat(open(packets.get(20))).isEqualTo(frames.get(20));
    assertThat(open(packets.get(13))).isEqualTo(frames.get(13));
    assertThat(open(packets.get(3))).isNull();
    // Some seconds later nothing of the old keys is left.
    assertThat(open(packets.get(14), NOW + 4_000_000_000L)).isNull();
    assertThat(open(packets.get(21), NOW + 4_000_000_000L)).isEqualTo(frames.get(21));
    assertThat(opener.phase()).isEqualTo(2);
  }

  @Test
  @Tag("PCIEOE-210")
  void aPhaseThatIsOnlyClaimedChangesNothing() {
    byte[] packet = seal(frame(50));
    byte[] bad = packet.clone();
    bad[PHASE_AT] = 1;
    for (int i = 0; i < 100; i++) {
      assertThat(open(bad)).isNull();
    }
    assertThat(opener.phase()).isZero();
    assertThat(open(packet)).isNotNull();
  }

  @Test
  @Tag("PCIEOE-210")
  void keysChangeWithTime() {
    seal(frame(10));
    MemorySegment from = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, frame(10));
    sealer.seal(from, 0, 10, out, 0, NOW + Sealer.PHASE_NS);
    assertThat(sealer.phase()).isEqualTo(1);
  }

  @Test
  @Tag("PCIEOE-209")
  void noNumberIsUsedTwice() {
    sealer = new Sealer(secret(), FRAME_BYTES, 7, NOW);
    Set<Long> numbers = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      MemorySegment packet = MemorySegment.ofArray(seal(frame(4)));
      assertThat(numbers.add(packet.get(SealFormat.U64, NUMBER_AT))).isTrue();
    }
  }
}
