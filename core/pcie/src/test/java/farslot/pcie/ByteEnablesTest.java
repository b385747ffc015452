package farslot.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** Byte enables against a set of bytes, for every combination there is. */
class ByteEnablesTest {
  @Test
  void transfersEnableExactlyTheirBytes() {
    for (int address = 0; address < 8; address++) {
      for (int bytes = 0; bytes <= 40; bytes++) {
        int lengthDw = Math.max(1, TlpEncoder.dataBytes(address, bytes) / 4);
        int first = ByteEnables.first(address, bytes);
        int last = ByteEnables.last(address, bytes);
        BitSet wanted = new BitSet();
        wanted.set(address & 3, (address & 3) + bytes);
        assertThat(enabled(lengthDw, first, last)).as("%d+%d", address, bytes).isEqualTo(wanted);
        assertThat(ByteEnables.legal(address & ~3, lengthDw, first, last)).isTrue();
        assertThat(ByteEnables.span(lengthDw, first, last)).isEqualTo(bytes);
        assertThat(ByteEnables.skipped(first)).isEqualTo(bytes == 0 ? 0 : address & 3);
      }
    }
  }

  @Test
  void spanAndContiguityAreThoseOfTheEnabledBytes() {
    for (int lengthDw = 1; lengthDw <= 3; lengthDw++) {
      for (int be = 0; be < 256; be++) {
        int first = be & 0xF;
        int last = be >> 4;
        if (!ByteEnables.legal(0, lengthDw, first, last)) {
          continue;
        }
        BitSet enabled = enabled(lengthDw, first, last);
        int span = enabled.isEmpty() ? 0 : enabled.length() - enabled.nextSetBit(0);
        assertThat(ByteEnables.span(lengthDw, first, last)).isEqualTo(span);
        assertThat(ByteEnables.contiguous(lengthDw, first, last))
            .as("%d DW %x/%x", lengthDw, first, last)
            .isEqualTo(enabled.cardinality() == span);
      }
    }
  }

  /** 2.2.5, rule by rule. */
  @Test
  void legality() {
    for (int be = 0; be < 16; be++) {
      assertThat(ByteEnables.legal(0, 1, be, 0)).as("one DW, any pattern").isTrue();
      assertThat(ByteEnables.legal(0, 1, 0xF, be)).as("one DW, last BE 0").isEqualTo(be == 0);
      assertThat(ByteEnables.legal(8, 2, be, 0x9)).as("QW aligned").isEqualTo(be != 0);
      assertThat(ByteEnables.legal(8, 2, 0x9, be)).as("QW aligned").isEqualTo(be != 0);
      boolean top = be == 0xF || be == 0xE || be == 0xC || be == 0x8;
      boolean bottom = be == 0xF || be == 0x7 || be == 0x3 || be == 0x1;
      assertThat(ByteEnables.legal(4, 2, be, 0xF)).as("QW misaligned").isEqualTo(top);
      assertThat(ByteEnables.legal(4, 2, 0xF, be)).as("QW misaligned").isEqualTo(bottom);
      assertThat(ByteEnables.legal(0, 3, be, 0xF)).as("3 DW").isEqualTo(top);
      assertThat(ByteEnables.legal(0, 1024, 0xF, be)).as("1024 DW").isEqualTo(bottom);
    }
  }

  private static BitSet enabled(int lengthDw, int first, int last) {
    BitSet bytes = new BitSet();
    for (int dw = 0; dw < lengthDw; dw++) {
      int be = dw == 0 ? first : dw == lengthDw - 1 ? last : 0xF;
      for (int lane = 0; lane < 4; lane++) {
        bytes.set(4 * dw + lane, (be >> lane & 1) != 0);
      }
    }
    return bytes;
  }
}
