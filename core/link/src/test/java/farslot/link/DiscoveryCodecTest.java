package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.chance.Fuzz;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DISCOVER and OFFER with this test's own copy of the bits, and anything in their place. */
class DiscoveryCodecTest {
  private static final int ITERATIONS = 20_000;
  private static final int DISCOVER = 7;
  private static final int OFFER = 8;
  private final DiscoveryCodec codec = new DiscoveryCodec();

  private static byte[] discover(int bodyBytes, int nameBytes, String name) {
    ByteBuffer b = ByteBuffer.allocate(bodyBytes);
    b.putLong(0x1122334455667788L).put((byte) nameBytes).put(new byte[3]);
    b.put(name.getBytes(StandardCharsets.UTF_8), 0, Math.min(name.length(), b.remaining()));
    return Frames.withCrc(Frames.frame(DISCOVER, 0, 0, 0, 0, b.array()));
  }

  private static byte[] offer(int bodyBytes, int count, int listed, String node, String... names) {
    ByteBuffer b = ByteBuffer.allocate(bodyBytes);
    b.putLong(7).putLong(9).putShort((short) 8996);
    b.putShort((short) count).putShort((short) listed);
    b.put((byte) node.length()).put((byte) 0).put(node.getBytes(StandardCharsets.UTF_8));
    for (String name : names) {
      b.put((byte) name.length()).put(name.getBytes(StandardCharsets.UTF_8));
    }
    return Frames.withCrc(Frames.frame(OFFER, 0, 0, 0, 0, b.array()));
  }

  private FrameError check(byte[] bytes) {
    return codec.check(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  @Test
  void readsWhatWasAsked() {
    byte[] bytes = discover(88, 6, "rack-2");
    assertThat(check(bytes)).isNull();
    assertThat(Discover.read(MemorySegment.ofArray(bytes), 0))
        .isEqualTo(new Discover(0x1122334455667788L, "rack-2"));
    assertThat(Discover.read(MemorySegment.ofArray(discover(1456, 0, "")), 0))
        .isEqualTo(new Discover(0x1122334455667788L, ""));
  }

  @Test
  void readsWhatWasOffered() {
    byte[] bytes = offer(88, 3, 2, "rack-2", "disk0", "nic0");
    assertThat(check(bytes)).isNull();
    assertThat(Offer.read(MemorySegment.ofArray(bytes), 0))
        .isEqualTo(new Offer(7, 9, 8996, "rack-2", 3, false, List.of("disk0", "nic0")));
  }

  @Test
  void readsThatCredentialsAreNeeded() {
    byte[] bytes = offer(88, 3, 0, "rack-2");
    int flags = bytes.length - 88 + 23;
    bytes[flags] = 1;
    assertThat(Offer.read(MemorySegment.ofArray(bytes), 0).credentials()).isTrue();
    bytes[flags] = (byte) 0xFE;
    assertThat(Offer.read(MemorySegment.ofArray(bytes), 0).credentials()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 1496, 8996, 65532})
  void writesFramesOfTheLengthAskedFor(int frameBytes) {
    MemorySegment segment = MemorySegment.ofArray(new byte[frameBytes + 8]);
    segment.fill((byte) 0x5A);
    codec.write(segment, 4, new Discover(1, "n"), frameBytes);
    assertThat(codec.check(segment, 4, frameBytes)).isNull();
    assertThat(codec.check(segment, 4, frameBytes - 1)).isEqualTo(FrameError.LENGTH);
    assertThat(Discover.read(segment, 4)).isEqualTo(new Discover(1, "n"));
    List<String> many = IntStream.range(0, 5000).mapToObj(i -> "function-" + i).toList();
    codec.write(segment, 4, new Offer(2, 3, 1496, "n".repeat(64), 70_000, false, many), frameBytes);
    assertThat(codec.check(segment, 4, frameBytes)).isNull();
    Offer offer = Offer.read(segment, 4);
    assertThat(offer.functionCount()).isEqualTo(65535);
    assertThat(offer.functions()).isEqualTo(many.subList(0, offer.functions().size()));
    assertThat(offer.functions()).hasSizeGreaterThanOrEqualTo((frameBytes - 128) / 14);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 124, 130, 65536})
  void refusesToWriteOtherLengths(int frameBytes) {
    MemorySegment segment = MemorySegment.ofArray(new byte[70_000]);
    assertThatThrownBy(() -> codec.write(segment, 0, new Discover(1, ""), frameBytes))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @Tag("PCIEOE-81")
  @CsvSource({"84, 0, ''", "88, 65, n", "88, 6, a\u0007name", "88, 255, n"})
  void aDiscoverThatIsTooShortOrNamesNothingIsMalformed(int body, int nameBytes, String name) {
    assertThat(check(discover(body, nameBytes, name))).isEqualTo(FrameError.BODY);
  }

  @Test
  void anOfferThatLiesAboutItsLengthsIsMalformed() {
    assertThat(check(offer(88, 1, 2, "n", "a", "b"))).isEqualTo(FrameError.BODY);
    assertThat(check(offer(88, 9, 9, "n", "a"))).isEqualTo(FrameError.BODY);
    assertThat(check(offer(88, 1, 1, ""))).isEqualTo(FrameError.BODY);
    byte[] beyond = offer(40, 1, 1, "node", "function");
    beyond[40 + 28] = 60;
    assertThat(check(Frames.withCrc(beyond))).isEqualTo(FrameError.BODY);
    assertThat(check(Frames.withCrc(Frames.frame(OFFER, 0, 0, 0, 0, new byte[20]))))
        .isEqualTo(FrameError.BODY);
  }

  @Test
  @Tag("PCIEOE-7")
  void withoutAGoodCrcNothingCounts() {
    byte[] none = Frames.frame(DISCOVER, 0, 0, 0, 0, new byte[88]);
    assertThat(check(none)).isEqualTo(FrameError.CRC);
    byte[] wrong = discover(88, 0, "");
    wrong[50] ^= 1;
    assertThat(check(wrong)).isEqualTo(FrameError.CRC);
  }

  @Test
  @Tag("PCIEOE-87")
  void neitherComesOverARail() {
    FrameCheck rails = new FrameCheck();
    for (byte[] frame : List.of(discover(88, 0, ""), offer(88, 0, 0, "n"))) {
      assertThat(rails.check(MemorySegment.ofArray(frame), 0, frame.length, 65532, true))
          .isEqualTo(FrameError.TYPE);
    }
    byte[] ack = Frames.withCrc(Frames.frame(Frames.ACK, 0, 1, 1, 1));
    assertThat(check(ack)).isEqualTo(FrameError.TYPE);
  }

  @Test
  void whateverPassesTheCheckCanBeRead() {
    long seed = Fuzz.seed();
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> corpus =
        List.of(
            discover(88, 6, "rack-2"),
            discover(1456, 0, ""),
            offer(88, 3, 2, "rack-2", "disk0", "nic0"),
            offer(24 + 1, 0, 0, "n"));
    int good = 0;
    for (int i = 0; i < Fuzz.iterations(ITERATIONS); i++) {
      byte[] bytes = corpus.get(random.nextInt(corpus.size())).clone();
      for (int spoilt = random.nextInt(4); spoilt > 0; spoilt--) {
        bytes[3 + random.nextInt(bytes.length - 3)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(8) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
      }
      if (random.nextInt(4) > 0 && bytes.length >= 40) {
        Frames.withCrc(bytes); // Else hardly anything would get past the CRC.
      }
      try (Arena arena = Arena.ofConfined()) {
        // Exactly as long as what arrived, so that reading beyond it is found.
        MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
        if (codec.check(segment, 0, bytes.length) == null) {
          good++;
          if (bytes[3] == DISCOVER) {
            Discover.read(segment, 0);
          } else {
            Offer.read(segment, 0);
          }
        }
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", iteration " + i, e);
      }
    }
    assertThat(good).as("seed %d: frames that passed", seed).isPositive();
  }
}
