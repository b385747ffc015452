package farslot.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SplitTest {
  private final MemorySegment buffer = MemorySegment.ofArray(new byte[TlpLimits.TLP_BYTES_MAX]);
  private final TlpView view = new TlpView();

  @Test
  void cutsAtMultiplesOfTheLimit() {
    assertThat(Split.pieceBytes(0x1000, 4096, 256)).isEqualTo(256);
    assertThat(Split.pieceBytes(0x10FF, 4096, 256)).isEqualTo(1);
    assertThat(Split.pieceBytes(0x1001, 3, 256)).isEqualTo(3);
    assertThat(Split.pieceBytes(-1, 100, 4096)).isEqualTo(1);
    assertThat(Split.pieces(0x10FF, 258, 256)).isEqualTo(3);
    assertThat(Split.pieces(0x1000, 4096, 4096)).isEqualTo(1);
    assertThat(Split.pieces(0x1001, 4096, 4096)).isEqualTo(2);
    assertThat(Split.pieces(0x1001, 0, 128)).isZero();
  }

  /**
   * Any transfer, cut and encoded: legal TLPs within MPS that cover it exactly, as many as said.
   */
  @Test
  void everyPieceIsALegalTlp() {
    Fuzz.rounds(
        Fuzz.iterations(5_000),
        seed -> {
          Random random = new Random(seed);
          int mps = 128 << random.nextInt(6);
          long begin = (random.nextBoolean() ? 0x1_0000_0000L : 0) + random.nextInt(1 << 20);
          int bytes = 1 + random.nextInt(20_000);
          long address = begin;
          int pieces = 0;
          for (int left = bytes; left > 0; pieces++) {
            int piece = Split.pieceBytes(address, left, mps);
            int header = TlpEncoder.memoryWrite(buffer, 0, 0x0100, address, piece);
            int total = header + TlpEncoder.dataBytes(address, piece);
            assertThat(TlpView.check(buffer, 0, total)).isNull();
            view.wrap(buffer, 0, total);
            assertThat(view.dataBytes()).isLessThanOrEqualTo(mps);
            assertThat(view.firstByteAddress()).isEqualTo(address);
            assertThat(view.enabledBytes()).isEqualTo(piece);
            address += piece;
            left -= piece;
          }
          assertThat(address).isEqualTo(begin + bytes);
          assertThat(pieces).isEqualTo(Split.pieces(begin, bytes, mps));
        });
  }
}
