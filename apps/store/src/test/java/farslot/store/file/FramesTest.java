package farslot.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What is on disks out there, put together by hand: it may not change without another version. */
class FramesTest {
  private static final UUID STORE = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
  private static final FileHeader HEADER = new FileHeader(FileHeader.Kind.SNAPSHOT, 258, STORE);

  private static String crc(String... hex) {
    CRC32C crc = new CRC32C();
    crc.update(HexFormat.of().parseHex(String.join("", hex)));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  @Test
  void aFileBeginsSo() {
    String fields =
        "464152534c4f5421"
            + "00000001"
            + "00000001"
            + "0000000000000102"
            + "00112233445566778899aabbccddeeff";
    byte[] header = HEADER.encode();
    assertThat(HexFormat.of().formatHex(header)).isEqualTo(fields + crc(fields));
    assertThat(FileHeader.check(header)).isEmpty();
    assertThat(FileHeader.decode(header)).isEqualTo(HEADER);
  }

  @Test
  void aFrameIsSo() {
    String file = HexFormat.of().formatHex(HEADER.encode());
    String head = "46534c47" + "00000003" + "0000000000000007";
    byte[] frame = new Frames(HEADER).encode(7, new byte[] {1, 2, 3});
    assertThat(HexFormat.of().formatHex(frame))
        .isEqualTo(
            head + crc(file, head) + crc(file, "0000000000000007", "010203") + "010203" + "a5");
  }

  @Test
  void aFrameOfAnotherFileIsNone() {
    byte[] frame = new Frames(HEADER).encode(1, new byte[10]);
    assertThat(new Frames(HEADER).whole(frame, 0)).isTrue();
    FileHeader later = new FileHeader(FileHeader.Kind.SNAPSHOT, 259, STORE);
    assertThat(new Frames(later).whole(frame, 0)).isFalse();
    FileHeader log = new FileHeader(FileHeader.Kind.LOG, 258, STORE);
    assertThat(new Frames(log).whole(frame, 0)).isFalse();
  }
}
