package farslot.pcie;

import static farslot.pcie.CompletionFit.BOUNDARY;
import static farslot.pcie.CompletionFit.BYTE_COUNT;
import static farslot.pcie.CompletionFit.FINAL;
import static farslot.pcie.CompletionFit.LOWER_ADDRESS;
import static farslot.pcie.CompletionFit.PARTIAL;
import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Split completions: 2.3.1.1, and the examples that its tables give for RCB 64. */
class CompletionFitTest {

  private final MemorySegment buffer = MemorySegment.ofArray(new byte[TlpLimits.TLP_BYTES_MAX]);
  private final TlpView view = new TlpView();

  /** The specification's example: 256 bytes at 10020h come as 32, 64, 64, 64, 32 or coarser. */
  @Test
  void readOf256BytesAt10020() {
    assertThat(fit(0x10020, 256, cpl(256, 0x20, 256), 64)).isEqualTo(FINAL);
    assertThat(fit(0x10020, 256, cpl(256, 0x20, 32), 64)).isEqualTo(PARTIAL);
    assertThat(fit(0x10040, 224, cpl(224, 0x40, 64), 64)).isEqualTo(PARTIAL);
    assertThat(fit(0x10100, 32, cpl(32, 0x00, 32), 64)).isEqualTo(FINAL);
    assertThat(fit(0x10020, 256, cpl(256, 0x20, 64), 64)).isEqualTo(BOUNDARY);
    assertThat(fit(0x10020, 256, cpl(256, 0x20, 32), 128)).as("RCB 128").isEqualTo(BOUNDARY);
    assertThat(fit(0x10020, 256, cpl(256, 0x20, 96), 128)).as("RCB 128").isEqualTo(PARTIAL);
  }

  @Test
  void whatDoesNotFit() {
    assertThat(fit(0x10040, 224, cpl(256, 0x40, 64), 64)).isEqualTo(BYTE_COUNT);
    assertThat(fit(0x10040, 224, cpl(160, 0x40, 64), 64)).isEqualTo(BYTE_COUNT);
    assertThat(fit(0x10040, 224, cpl(224, 0x00, 64), 64)).isEqualTo(LOWER_ADDRESS);
    assertThat(BOUNDARY.fits() || BYTE_COUNT.fits() || LOWER_ADDRESS.fits()).isFalse();
    assertThat(PARTIAL.fits() && FINAL.fits()).isTrue();
  }

  /** A flush is answered by one DW with Byte Count 1 (2.2.9, table 2-39). */
  @Test
  void zeroLengthRead() {
    TlpView read = Hex.view("00000001 01000100 fee00044");
    assertThat(read.answerByteCount()).isEqualTo(1);
    assertThat(read.answerLowerAddress()).isEqualTo(0x44);
    assertThat(fit(0xFEE0_0044L, 1, cpl(1, 0x44, 1), 64)).isEqualTo(FINAL);
  }

  @Test
  void answersToOtherRequests() {
    assertThat(Hex.view("04000001 0000020c 0100010c").answerByteCount()).isEqualTo(4);
    assertThat(Hex.view("04000001 0000020c 0100010c").answerLowerAddress()).isZero();
    assertThat(Hex.view("00000002 0100a57e 12345670").answerByteCount()).isEqualTo(6);
    assertThat(Hex.view("00000002 0100a57e 12345670").answerLowerAddress()).isEqualTo(0x71);
    TlpView cas = Hex.view("4e000004 01000500 00001008" + " 00000000".repeat(4));
    assertThat(cas.answerByteCount()).isEqualTo(8);
    assertThat(cas.answerLowerAddress()).isZero();
  }

  /** Any read, answered in pieces of any MPS, fits at both boundaries and ends exactly. */
  @Test
  void splitAnswersFit() {
    Fuzz.rounds(
        Fuzz.iterations(5_000),
        seed -> {
          Random random = new Random(seed);
          int mps = 128 << random.nextInt(6);
          int rcb = random.nextBoolean() ? 64 : 128;
          long address = random.nextLong() & ~0xFFFL | random.nextInt(4096);
          int left = 1 + random.nextInt(4096 - (int) (address & 0xFFF));
          CompletionFit fit = PARTIAL;
          while (fit == PARTIAL) {
            int bytes = Split.pieceBytes(address, left, mps);
            fit = fit(address, left, cpl(left, (int) address & 0x7F, bytes), rcb);
            assertThat(view.completedBytes()).isEqualTo(bytes);
            address += bytes;
            left -= bytes;
            assertThat(fit).isEqualTo(left == 0 ? FINAL : PARTIAL);
          }
        });
  }

  private CompletionFit fit(long address, int left, TlpView completion, int rcb) {
    return CompletionFit.of(completion, address, left, rcb);
  }

  private TlpView cpl(int byteCount, int lower, int bytes) {
    int header =
        TlpEncoder.completionWithData(buffer, 0, 0x0100, 0x0008, 5, byteCount, lower, bytes);
    int total = header + TlpEncoder.dataBytes(lower, bytes);
    assertThat(TlpView.check(buffer, 0, total)).isNull();
    return view.wrap(buffer, 0, total);
  }
}
