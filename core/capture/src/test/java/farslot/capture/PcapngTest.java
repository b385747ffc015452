package farslot.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.chance.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PcapngTest {
  private static byte[] file() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PcapngWriter writer = new PcapngWriter(out);
    writer.section("fs", "");
    assertThat(writer.describe(147, "tcp", "")).isZero();
    byte[] packet = {9, 1, 2, 3, 4, 5};
    writer.packet(0, 0x0102030405060708L, true, 0, MemorySegment.ofArray(packet), 1, 5);
    writer.packet(0, 1, false, 3, MemorySegment.ofArray(packet), 0, 4);
    writer.statistics(0, 2, 5, 3);
    return out.toByteArray();
  }

  @Test
  void blocksAreAsTheFormatHasThem() throws IOException {
    String expected =
        "0a0d0d0a 28000000 4d3c2b1a 0100 0000 ffffffffffffffff 0400 0200 66730000 00000000 28000000"
            + "01000000 28000000 9300 0000 00000000 0200 0300 74637000 0900 0100 09000000 00000000"
            + " 28000000"
            + "06000000 34000000 00000000 04030201 08070605 05000000 05000000 0102030405000000"
            + " 0200 0400 01000000 00000000 34000000"
            + "06000000 3c000000 00000000 00000000 01000000 04000000 04000000 09010203"
            + " 0200 0400 02000000 0400 0800 0300000000000000 00000000 3c000000"
            + "05000000 34000000 00000000 00000000 02000000 0400 0800 0500000000000000"
            + " 0500 0800 0300000000000000 00000000 34000000";
    assertThat(HexFormat.of().formatHex(file())).isEqualTo(expected.replace(" ", ""));
  }

  @Test
  void readsWhatItWrites() throws IOException {
    byte[] file = file();
    PcapngReader reader = new PcapngReader(new ByteArrayInputStream(file));
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    for (int type : new int[] {0x0A0D0D0A, 1, 6, 6, 5}) {
      PcapngReader.Block block = reader.next().orElseThrow();
      assertThat(block.type()).isEqualTo(type);
      again.write(block.bytes());
    }
    assertThat(reader.next()).isEmpty();
    assertThat(again.toByteArray()).isEqualTo(file);
  }

  @Test
  void saysWhatIsNoFile() throws IOException {
    assertThatThrownBy(() -> reader(new byte[] {1, 0, 0, 0, 0, 0, 0, 0}).next())
        .isInstanceOf(IOException.class)
        .hasMessage("not a pcapng file");
    assertThatThrownBy(() -> reader(Arrays.copyOf(file(), 20)).next())
        .isInstanceOf(EOFException.class);
    byte[] differ = file();
    differ[36] = 0;
    assertThatThrownBy(() -> reader(differ).next()).hasMessageContaining("two lengths");
    byte[] huge = file();
    huge[7] = 0x7F;
    assertThatThrownBy(() -> reader(huge).next()).hasMessageContaining("a block of");
  }

  private static PcapngReader reader(byte[] bytes) {
    return new PcapngReader(new ByteArrayInputStream(bytes));
  }

  @Test
  void anyBytesEndInAnswersOrIoExceptions() {
    Fuzz.run(
        5_000,
        (random, iterations) -> {
          for (int i = 0; i < iterations; i++) {
            try {
              byte[] bytes = file();
              bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
              PcapngReader reader = reader(Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
              while (reader.next().isPresent()) {
                // Each is whole.
              }
            } catch (IOException e) {
              assertThat(e).hasMessageContaining("pcapng");
            }
          }
        });
  }
}
