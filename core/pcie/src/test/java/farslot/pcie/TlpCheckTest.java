package farslot.pcie;

import static farslot.pcie.TlpError.ADDRESS;
import static farslot.pcie.TlpError.BYTE_COUNT;
import static farslot.pcie.TlpError.BYTE_ENABLES;
import static farslot.pcie.TlpError.CROSSES_PAGE;
import static farslot.pcie.TlpError.LENGTH_MISMATCH;
import static farslot.pcie.TlpError.PREFIX;
import static farslot.pcie.TlpError.TOO_LONG;
import static farslot.pcie.TlpError.TYPE_LENGTH;
import static farslot.pcie.TlpError.UNKNOWN_TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to be malformed, and what is just not. */
class TlpCheckTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00000001 0100010f",
        "20000001 0100010f 00000001",
        "00000001 0100010f 00001000 00000000",
        "40000001 0100010f 00001000",
        "40000001 0100010f 00001000 000000",
        "40000002 0100010f 00001000 00000000",
        "40000000 010000ff 00001000 00000000",
        "40008001 0100010f 00001000 00000000",
        "00008001 0100010f 00001000",
        "91000000 00000001 0100010f",
        "91000000 91000000 91000000",
        "0a000000 01000004",
      })
  void lengthMismatch(String hex) {
    assertThat(Hex.check(hex)).isEqualTo(LENGTH_MISMATCH);
  }

  @Test
  void negativeAndHugeLengthsAreAnswered() {
    MemorySegment some = MemorySegment.ofArray(new byte[8]);
    assertThat(TlpView.check(some, 0, -1)).isEqualTo(LENGTH_MISMATCH);
    assertThat(TlpView.check(some, 0, Integer.MIN_VALUE)).isEqualTo(LENGTH_MISMATCH);
    assertThat(TlpView.check(some, 0, Integer.MAX_VALUE)).isEqualTo(TOO_LONG);
    assertThat(TlpView.check(some, 0, TlpLimits.TLP_BYTES_MAX + 1)).isEqualTo(TOO_LONG);
  }

  @Test
  void theLongestIsNotTooLong() {
    String prefixes = "90000000 90000000 90000000 90000000 ";
    String header = "60008000 010000ff 00000001 00000000 ";
    String body = "00000000".repeat(1024 + 1);
    assertThat(Hex.bytes(prefixes + header + body)).hasSize(TlpLimits.TLP_BYTES_MAX);
    assertThat(Hex.check(prefixes + header + body)).isNull();
    assertThat(Hex.check("90000000 ".repeat(5) + "00000001 0100010f 00001000")).isEqualTo(TOO_LONG);
  }

  /** Type 1Bh was Trusted Configuration once, 0x5B is DMWr, which we do not offer. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "03000001 0100010f 00001000",
        "1b000001 0100010f 00001000",
        "5b000001 0100010f 00001000 00000000",
        "41000001 0100010f 00001000 00000000",
        "0c000001 0100010f 00001000",
        "22000001 0100010f 00000001 00000000",
        "24000001 0100010f 00000001 00000000",
        "2a000001 0100010f 00000001 00000000",
        "10000000 01000020 00000000 00000000",
        "38000000 01000020 00000000 00000000",
        "a0000001 0100010f 00001000",
        "ff000001 0100010f 00001000",
      })
  void unknownType(String hex) {
    assertThat(Hex.check(hex)).isEqualTo(UNKNOWN_TYPE);
  }

  @Test
  void localPrefixesComeFirst() {
    assertThat(Hex.check("8e000000 91000000 00000001 0100010f 00001000")).isNull();
    assertThat(Hex.check("91000000 8e000000 00000001 0100010f 00001000")).isEqualTo(PREFIX);
  }

  @Test
  void pagesAreNotCrossed() {
    assertThat(Hex.check("00000000 010000ff 00001000")).isNull();
    assertThat(Hex.check("00000000 010000ff 00001004")).isEqualTo(CROSSES_PAGE);
    assertThat(Hex.check("00000002 010000ff 00001ffc")).isEqualTo(CROSSES_PAGE);
    assertThat(Hex.check("20000002 010000ff 00000001 ffffffff")).isEqualTo(CROSSES_PAGE);
    assertThat(Hex.check("40000002 010000ff 00001ffc 00000000 00000000")).isEqualTo(CROSSES_PAGE);
    assertThat(Hex.check("00000001 0100000f 00001ffc")).isNull();
  }

  @Test
  void byteEnables() {
    assertThat(Hex.check("00000001 010000ff 00001000")).as("1 DW").isEqualTo(BYTE_ENABLES);
    assertThat(Hex.check("00000002 0100000f 00001000")).as("last 0").isEqualTo(BYTE_ENABLES);
    assertThat(Hex.check("00000002 010000f0 00001000")).as("first 0").isEqualTo(BYTE_ENABLES);
    assertThat(Hex.check("00000002 010000f5 00001004")).as("gap").isEqualTo(BYTE_ENABLES);
    assertThat(Hex.check("00000002 010000f5 00001008")).as("gap in a QW").isNull();
    assertThat(Hex.check("00010002 01000000 00001004")).as("TH: a Steering Tag").isNull();
    assertThat(Hex.check("40010001 010000ff 00001004 00000000"))
        .as("TH of a write leaves the enables alone")
        .isEqualTo(BYTE_ENABLES);
    assertThat(Hex.check("04000001 0000001f 01000000")).as("config").isEqualTo(BYTE_ENABLES);
    assertThat(Hex.check("02000001 0000001f 000003f8")).as("I/O").isEqualTo(BYTE_ENABLES);
  }

  @Test
  void addresses() {
    assertThat(Hex.check("20000001 0100000f 00000000 fffff000")).isEqualTo(ADDRESS);
    assertThat(Hex.check("60000001 0100000f 00000000 fffff000 00000000")).isEqualTo(ADDRESS);
    assertThat(Hex.check("6c000001 01000000 00000000 fffff000 00000000")).isEqualTo(ADDRESS);
    assertThat(Hex.check("4c000002 01000000 00001004 00000000 00000000")).isEqualTo(ADDRESS);
    assertThat(Hex.check("4e000004 01000000 00001004" + " 00000000".repeat(4))).isEqualTo(ADDRESS);
    assertThat(Hex.check("4e000008 01000000 00001008" + " 00000000".repeat(8))).isEqualTo(ADDRESS);
  }

  @Test
  void lengthsOfTypes() {
    assertThat(Hex.check("04000002 0000000f 01000000")).isEqualTo(TYPE_LENGTH);
    assertThat(Hex.check("44000002 0000000f 01000000 00000000 00000000")).isEqualTo(TYPE_LENGTH);
    assertThat(Hex.check("02000000 0000000f 000003f8")).isEqualTo(TYPE_LENGTH);
    assertThat(Hex.check("42000002 0000000f 000003f8 00000000 00000000")).isEqualTo(TYPE_LENGTH);
    for (int dw = 1; dw <= 9; dw++) {
      String rest = "01000000 00001000" + " 00000000".repeat(dw);
      boolean one = dw == 1 || dw == 2;
      boolean two = dw == 2 || dw == 4 || dw == 8;
      assertThat(Hex.check("4c00000" + dw + rest)).isEqualTo(one ? null : TYPE_LENGTH);
      assertThat(Hex.check("4d00000" + dw + rest)).isEqualTo(one ? null : TYPE_LENGTH);
      assertThat(Hex.check("4e00000" + dw + rest)).isEqualTo(two ? null : TYPE_LENGTH);
    }
  }

  @Test
  void completionsCarryNoMoreThanTheyCount() {
    String data = " 00000000 00000000";
    assertThat(Hex.check("4a000002 01000008 00080500" + data)).isNull();
    assertThat(Hex.check("4a000002 01000005 00080500" + data)).isNull();
    assertThat(Hex.check("4a000002 01000004 00080500" + data)).isEqualTo(BYTE_COUNT);
    assertThat(Hex.check("4a000002 01000004 00080501" + data)).isNull();
    assertThat(Hex.check("4a000002 01000002 00080503" + data)).isNull();
    assertThat(Hex.check("4a000002 01000001 00080503" + data)).isEqualTo(BYTE_COUNT);
    assertThat(Hex.check("0a000002 01000001 00080503")).as("no data, Length reserved").isNull();
  }

  @Test
  void malformedBytesDoNotBecomeRecords() {
    assertThatThrownBy(() -> Tlp.decode(Hex.bytes("00000000 010000ff 00001004")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CROSSES_PAGE");
    byte[] bytes = Hex.bytes("00000000 010000ff 00001004");
    assertThat(TlpPrinter.describe(MemorySegment.ofArray(bytes), 0, 12))
        .isEqualTo("malformed (CROSSES_PAGE) 12 B: 00000000010000ff00001004");
    assertThat(TlpPrinter.describe(MemorySegment.ofArray(bytes), 0, 0))
        .isEqualTo("malformed (LENGTH_MISMATCH) 0 B: ");
  }
}
