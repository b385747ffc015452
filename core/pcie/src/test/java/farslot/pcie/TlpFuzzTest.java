package farslot.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes, check answers; whatever it passes, every accessor and the record form are
 * safe, and writing the record gives an equal TLP.
 */
class TlpFuzzTest {
  private static final int ITERATIONS = Fuzz.iterations(20_000);

  private final TlpView view = new TlpView();

  @Test
  void validOnesComeBackByteForByte() {
    run(
        random -> {
          Tlp tlp = Samples.tlp(random);
          byte[] bytes = tlp.encode();
          assertThat(error(bytes)).as(Hex.of(bytes)).isNull();
          Tlp back = Tlp.decode(bytes);
          assertThat(back).isEqualTo(tlp);
          assertThat(back.encode()).isEqualTo(bytes);
        });
  }

  @Test
  void mutatedOnesAreSafe() {
    int[] passed = {0, 0};
    run(
        random -> {
          byte[] bytes = Samples.tlp(random).encode();
          for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(Math.min(bytes.length, 24))] ^= (byte) (1 << random.nextInt(8));
          }
          passed[exercise(bytes) ? 1 : 0]++;
        });
    if (ITERATIONS >= 1000) { // A replay of one seed sees one outcome.
      assertThat(passed).as("both outcomes were seen").doesNotContain(0);
    }
  }

  @Test
  void randomBytesAreSafe() {
    run(
        random -> {
          byte[] bytes = new byte[random.nextInt(random.nextInt(8) == 0 ? 4200 : 64)];
          random.nextBytes(bytes);
          if (random.nextBoolean() && bytes.length > 3) {
            bytes[2] &= 0x7C;
            bytes[3] = (byte) ((bytes.length - 12) / 4);
          }
          exercise(bytes);
        });
  }

  private boolean exercise(byte[] bytes) {
    if (error(bytes) != null) {
      return false;
    }
    // Exactly as large as the TLP: an accessor that reads beyond it throws.
    view.wrap(MemorySegment.ofArray(bytes), 0, bytes.length);
    readAll(view);
    assertThat(view.dataOffset() + view.dataBytes() + (view.hasDigest() ? 4 : 0))
        .isEqualTo(bytes.length);
    Tlp tlp = view.toTlp();
    byte[] again = tlp.encode();
    assertThat(again).hasSize(bytes.length);
    assertThat(Tlp.decode(again)).as(Hex.of(bytes)).isEqualTo(tlp);
    assertThat(tlp.toString()).isNotBlank();
    return true;
  }

  private static long readAll(TlpView view) {
    long sum = view.fmtType() + view.flowClass().ordinal() + view.tlpBytes() + view.offset();
    sum += view.headerBytes() + view.headerOffset() + view.lengthDw() + view.requesterId();
    sum += view.tag() + view.firstBe() + view.lastBe() + view.address() + view.enabledBytes();
    sum += view.firstByteAddress() + view.targetId() + view.configOffset() + view.messageCode();
    sum += view.messageRouting() + view.messageFields() + view.completerId() + view.byteCount();
    sum += view.statusCode() + view.lowerAddress() + view.completedBytes() + view.operandBytes();
    sum += view.trafficClass() + view.attributes() + view.addressType() + view.steeringTag();
    sum += view.processingHint() + view.answerByteCount() + view.answerLowerAddress();
    sum += view.contiguous() ^ view.poisoned() ^ view.th() ^ view.ln() ? 1 : 0;
    sum += view.byteCountModified() ^ view.ecrcMatches() ? 1 : 0;
    sum += view.hasDigest() ? view.digest() : 0;
    for (int i = 0; i < view.prefixCount(); i++) {
      sum += view.prefix(i);
    }
    return sum;
  }

  private static TlpError error(byte[] bytes) {
    return TlpView.check(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  private interface Round {
    void run(Random random);
  }

  private static void run(Round round) {
    Fuzz.rounds(ITERATIONS, seed -> round.run(new Random(seed)));
  }
}
