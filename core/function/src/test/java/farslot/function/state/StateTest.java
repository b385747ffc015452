package farslot.function.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The bytes of a saved state, and what is said of those that are none. */
class StateTest {
  /** As the format's description has it, byte by byte. */
  private static byte[] golden() {
    ByteBuffer to = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    to.put("FARSTATE".getBytes()).putShort((short) 1).putShort((short) 1).putInt(0);
    to.put((byte) 4).putShort((short) 7).putInt(15).put("a.b1".getBytes());
    to.put((byte) 0xFE).putShort((short) 0xFFFE).putInt(-2).putLong(-3);
    return seal(to);
  }

  private static byte[] seal(ByteBuffer to) {
    to.putInt(12, to.position() + 4);
    CRC32C crc = new CRC32C();
    crc.update(to.array(), 0, to.position());
    to.putInt((int) crc.getValue());
    byte[] bytes = new byte[to.position()];
    to.get(0, bytes);
    return bytes;
  }

  private static byte[] resealed(byte[] bytes) {
    ByteBuffer to = ByteBuffer.allocate(bytes.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    to.put(bytes, 0, bytes.length - 4);
    return seal(to);
  }

  @Test
  void bytesAreAsDescribed() throws StateException {
    StateWriter writer = new StateWriter().part("a.b1", 7);
    byte[] bytes = writer.u8(0xFE).u16(0xFFFE).i32(-2).i64(-3).toBytes();
    assertThat(bytes).isEqualTo(golden());
    StateReader reader = StateReader.of(bytes);
    assertThat(reader.has("a.b1")).isTrue();
    assertThat(reader.part("a.b1", 9)).isEqualTo(7);
    assertThat(reader.u8()).isEqualTo(0xFE);
    assertThat(reader.u16()).isEqualTo(0xFFFE);
    assertThat(reader.i32()).isEqualTo(-2);
    assertThat(reader.i64()).isEqualTo(-3);
    reader.finish();
  }

  @Test
  void memoryIsWhatItWasAndZeroesTakeNoRoom() throws StateException {
    byte[] data = new byte[100 * 4096 + 17];
    data[4096 * 3 + 5] = 1;
    data[4096 * 4] = 2;
    data[4096 * 50 + 4095] = 3;
    data[data.length - 1] = 4;
    byte[] bytes = new StateWriter().part("m", 1).memory(MemorySegment.ofArray(data)).toBytes();
    assertThat(bytes.length).isBetween(3 * 4096, 3 * 4096 + 200);
    byte[] to = new byte[data.length];
    to[9] = 9;
    StateReader reader = StateReader.of(bytes);
    reader.part("m", 1);
    reader.memory(MemorySegment.ofArray(to));
    reader.finish();
    assertThat(to).isEqualTo(data);
  }

  @Test
  void memoryNeverGoesBeyondItsEnd() throws StateException {
    byte[] data = new byte[3 * 4096];
    data[2 * 4096] = 1;
    byte[] bytes = new StateWriter().part("m", 1).memory(MemorySegment.ofArray(data)).toBytes();
    StateReader reader = StateReader.of(bytes);
    reader.part("m", 1);
    assertThatThrownBy(() -> reader.memory(MemorySegment.ofArray(new byte[2 * 4096])))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("'m': memory goes beyond its end");
  }

  @Test
  void textAndFlagsComeBack() throws StateException {
    byte[] bytes = new StateWriter().part("t", 1).text("Serial 1").flag(true).flag(false).toBytes();
    StateReader reader = StateReader.of(bytes);
    reader.part("t", 1);
    assertThat(reader.text()).isEqualTo("Serial 1");
    assertThat(reader.flag()).isTrue();
    assertThat(reader.flag()).isFalse();
    reader.finish();
  }

  @Test
  void everyDamagedByteIsNoticed() {
    byte[] bytes = golden();
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x10;
      assertThatThrownBy(() -> StateReader.of(damaged)).isInstanceOf(StateException.class);
    }
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> StateReader.of(cut)).isInstanceOf(StateException.class);
    }
  }

  @Test
  void wordsSayWhatIsWrong() {
    refused(new byte[0], "no saved state");
    byte[] newer = golden();
    newer[8] = 2;
    refused(newer, "format 2, and format 1 is known here");
    byte[] longer = java.util.Arrays.copyOf(golden(), golden().length + 1);
    refused(longer, "should have 46 bytes, and 47 are here");
    byte[] flipped = golden();
    flipped[30] ^= 1;
    refused(flipped, "checksum");
    byte[] count = golden();
    count[10] = 2;
    refused(resealed(count), "ends inside a part");
    byte[] fewer = golden();
    fewer[10] = 0;
    refused(resealed(fewer), "should have 0 parts");
    byte[] name = golden();
    name[23] = 'A';
    refused(resealed(name), "name");
    byte[] huge = golden();
    huge[22] = (byte) 0xFF;
    refused(resealed(huge), "ends inside a part");
  }

  private static void refused(byte[] bytes, String words) {
    assertThatThrownBy(() -> StateReader.of(bytes))
        .isInstanceOf(StateException.class)
        .hasMessageContaining(words);
  }

  @Test
  void partsAreCheckedOneByOne() throws StateException {
    byte[] bytes = new StateWriter().part("a", 1).u8(2).part("b", 3).u16(700).toBytes();
    failsWith(bytes, "has no part 'c'", reader -> reader.part("c", 1));
    failsWith(bytes, "'b' has version 3, and 2 is the newest", reader -> reader.part("b", 2));
    failsWith(bytes, "'a': a flag is 2, not 0 to 1", reader -> in(reader, "a").flag());
    failsWith(bytes, "'a': it ends 3 bytes early", reader -> in(reader, "a").i32());
    failsWith(
        bytes, "'b': depth is 700, not 1 to 512", reader -> in(reader, "b").u16("depth", 1, 512));
    failsWith(bytes, "'b': 2 bytes are left over", reader -> in(reader, "b").finish());
    failsWith(bytes, "'b': 2 bytes are left over", reader -> in(reader, "b").part("a", 1));
    failsWith(bytes, "nothing here knows: [b]", reader -> finishAfter(in(reader, "a")));
    failsWith(bytes, "has no part 'a'", reader -> twice(in(reader, "a")));
  }

  private interface Step {
    void run(StateReader reader) throws StateException;
  }

  private static void failsWith(byte[] bytes, String words, Step step) throws StateException {
    StateReader reader = StateReader.of(bytes);
    assertThatThrownBy(() -> step.run(reader))
        .isInstanceOf(StateException.class)
        .hasMessageContaining(words);
  }

  private static StateReader in(StateReader reader, String part) throws StateException {
    reader.part(part, 9);
    return reader;
  }

  private static void finishAfter(StateReader reader) throws StateException {
    reader.u8();
    reader.finish();
  }

  private static void twice(StateReader reader) throws StateException {
    reader.u8();
    reader.part("a", 1);
  }

  @Test
  void whatDoesNotFitIsTheCardsMistake() {
    StateWriter writer = new StateWriter();
    assertThatThrownBy(() -> writer.u8(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> writer.part("Upper", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.part("", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.part("a", 0)).isInstanceOf(IllegalArgumentException.class);
    writer.part("a", 1);
    assertThatThrownBy(() -> writer.part("a", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.u8(256)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.u16(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
