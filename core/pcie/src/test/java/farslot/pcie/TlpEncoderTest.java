package farslot.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Headers against bytes assembled by hand from the figures of 2.2. */
class TlpEncoderTest {
  private static final int AT = 3;

  private final MemorySegment to = Arena.ofAuto().allocate(64).fill((byte) 0xA5);

  @Test
  void memoryRead32() {
    expect(
        TlpEncoder.memoryRead(to, AT, 0x0100, 0x2A5, 0x1234_5671L, 6),
        "00800002 0100a57e 12345670");
  }

  @Test
  void memoryRead64OfAPage() {
    expect(
        TlpEncoder.memoryRead(to, AT, 0x0100, 7, 0x1_2345_6000L, 4096),
        "20000000 010007ff 00000001 23456000");
  }

  @Test
  void memoryReadThatFlushes() {
    expect(TlpEncoder.memoryRead(to, AT, 0x0100, 1, 0xFEE0_0004L, 0), "00000001 01000100 fee00004");
  }

  @Test
  void memoryWrite() {
    expect(TlpEncoder.memoryWrite(to, AT, 0x0308, 0xFEE0_0000L, 4), "40000001 0308000f fee00000");
    expect(
        TlpEncoder.memoryWrite(to, AT, 0x0308, 0x8000_0000_0000_0FFDL, 3),
        "60000001 0308000e 80000000 00000ffc");
  }

  @Test
  void configuration() {
    expect(
        TlpEncoder.configRead0(to, AT, 0, 0x1FF, 0x0100, 0x10E, 2), "04080001 0000ff0c 0100010c");
    expect(TlpEncoder.configWrite0(to, AT, 0, 2, 0x0100, 0xFFF, 1), "44000001 00000208 01000ffc");
    expect(TlpEncoder.configRead1(to, AT, 0, 3, 0x02FB, 0, 4), "05000001 0000030f 02fb0000");
    expect(TlpEncoder.configWrite1(to, AT, 0, 3, 0x02FB, 4, 4), "45000001 0000030f 02fb0004");
  }

  @Test
  void inputAndOutput() {
    expect(TlpEncoder.ioRead(to, AT, 0, 4, 0xC006, 2), "02000001 0000040c 0000c004");
    expect(TlpEncoder.ioWrite(to, AT, 0, 4, 0xFFFF_FFFF, 1), "42000001 00000408 fffffffc");
  }

  @Test
  void completions() {
    expect(
        TlpEncoder.completionWithData(to, AT, 0x0100, 0x0008, 0x3FE, 4096, 0, 64),
        "4a880010 01000000 0008fe00");
    expect(
        TlpEncoder.completionWithData(to, AT, 0x0100, 0x0008, 5, 7, 0x7E, 2),
        "4a000001 01000007 0008057e");
    expect(
        TlpEncoder.completion(to, AT, 0x0100, 0x0008, 5, CompletionStatus.UR, 4, 0),
        "0a000000 01002004 00080500");
    expect(
        TlpEncoder.completion(to, AT, 0x0100, 0x0008, 5, CompletionStatus.CA, 4, 0),
        "0a000000 01008004 00080500");
  }

  @Test
  void message() {
    expect(TlpEncoder.message(to, AT, 0x0100, 0, 4, 0x20), "34000000 01000020 00000000 00000000");
  }

  @Test
  void messageWithData() {
    expect(
        TlpEncoder.messageWithData(to, AT, 0, 0, 4, MessageCode.SET_SLOT_POWER_LIMIT, 4),
        "74000001 00000050 00000000 00000000");
    int header = TlpEncoder.message(to, AT, 0, 1, 2, MessageCode.VENDOR_DEFINED_TYPE_1);
    TlpEncoder.messageFields(to, AT, 0x0100_1234_CAFE_F00DL);
    expect(header, "32000000 0000017f 01001234 cafef00d");
  }

  @Test
  void interruptPins() {
    assertThat(MessageCode.intx(1, true)).isEqualTo(0x20);
    assertThat(MessageCode.intx(4, true)).isEqualTo(0x23);
    assertThat(MessageCode.intx(1, false)).isEqualTo(0x24);
    assertThat(MessageCode.intx(4, false)).isEqualTo(0x27);
  }

  @Test
  void atomics() {
    expect(
        TlpEncoder.atomic(to, AT, TlpType.FETCHADD32, 0x0100, 5, 0x1004, 4),
        "4c000001 01000500 00001004");
    expect(
        TlpEncoder.atomic(to, AT, TlpType.SWAP32, 0x0100, 5, 0x1_0000_1008L, 8),
        "6d000002 01000500 00000001 00001008");
    expect(
        TlpEncoder.atomic(to, AT, TlpType.CAS32, 0x0100, 0x305, 0x1010, 16),
        "4e880008 01000500 00001010");
  }

  @Test
  void traitsAreStampedOnAHeader() {
    int header = TlpEncoder.memoryWrite(to, AT, 0x0100, 0x1000, 4);
    TlpTraits.PLAIN.withTrafficClass(5).withAttributes(7).withPoison().stamp(to, AT);
    expect(header, "40547001 0100000f 00001000");
  }

  /** The usual CRC-32 of the header with TD set, and with Type[0] and EP as ones. */
  @Test
  void digestFollowsTheData() {
    int header = TlpEncoder.configRead0(to, AT, 0, 2, 0x0100, 0, 4);
    CRC32 crc = new CRC32();
    crc.update(Hex.bytes("0500c001 0000020f 01000000"));
    int digest = TlpEncoder.digest(to, AT, AT);
    String ecrc = String.format("%08x", Integer.reverseBytes((int) crc.getValue()));
    expect(header + digest, "04008001 0000020f 01000000" + ecrc);
  }

  private void expect(int headerBytes, String hex) {
    byte[] wanted = HexFormat.of().parseHex(hex.replace(" ", ""));
    byte[] got = new byte[headerBytes];
    MemorySegment.copy(to, AT, MemorySegment.ofArray(got), 0, headerBytes);
    assertThat(HexFormat.of().formatHex(got)).isEqualTo(HexFormat.of().formatHex(wanted));
    assertThat(to.get(ValueLayout.JAVA_BYTE, AT + headerBytes))
        .as("nothing behind the header is touched")
        .isEqualTo((byte) 0xA5);
    to.fill((byte) 0xA5);
  }
}
