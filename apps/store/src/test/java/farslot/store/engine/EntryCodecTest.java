package farslot.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import farslot.chance.Fuzz;
import farslot.store.Bytes;
import farslot.store.Event;
import farslot.store.KeyValue;
import farslot.store.engine.EntryCodec.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
  private static final KeyValue ITEM = new KeyValue("/a", Bytes.utf8("xyz"), 3, 5, 2, 7);
  private static final List<Entry> ALL =
      List.of(
          new Entry.Base(4, 9),
          new Entry.Existing(ITEM),
          new Entry.Revised(5, List.of(new Event.Put(ITEM), new Event.Delete("/b", 5))),
          new Entry.Granted(7, 1_000_000_000L),
          new Entry.Revoked(8),
          new Entry.Compacted(4),
          new Entry.End(5, 1));

  private static byte[] bytes(List<Entry> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    entries.forEach(each -> EntryCodec.write(each, out));
    return out.toByteArray();
  }

  @Test
  void readsWhatItWrote() throws MalformedException {
    assertThat(EntryCodec.read(ByteBuffer.wrap(bytes(ALL)))).isEqualTo(ALL);
  }

  /** What is on disks out there: this may not change. */
  @Test
  void theseAreTheBytes() {
    assertThat(HexFormat.of().formatHex(bytes(ALL)))
        .isEqualTo(
            "05"
                + "0000000000000004"
                + "0000000000000009"
                + "06"
                + "0000000000000005"
                + "00022f61"
                + "0000000000000003"
                + "0000000000000002"
                + "0000000000000007"
                + "0000000378797a"
                + "01"
                + "0000000000000005"
                + "00000002"
                + "01"
                + "00022f61"
                + "0000000000000003"
                + "0000000000000002"
                + "0000000000000007"
                + "0000000378797a"
                + "02"
                + "00022f62"
                + "02"
                + "0000000000000007"
                + "000000003b9aca00"
                + "03"
                + "0000000000000008"
                + "04"
                + "0000000000000004"
                + "07"
                + "0000000000000005"
                + "00000001");
  }

  @Test
  void whatIsCutOffIsMalformed() {
    for (Entry entry : ALL) {
      byte[] all = bytes(List.of(entry));
      for (int length = 1; length < all.length; length++) {
        ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(all, length));
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> EntryCodec.read(cut));
      }
    }
  }

  @Test
  void fuzz() {
    long seed = Fuzz.seed();
    Random random = new Random(seed);
    byte[] good = bytes(ALL);
    int malformed = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bad = good.clone();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        EntryCodec.read(ByteBuffer.wrap(bad));
      } catch (MalformedException e) {
        malformed++;
      } catch (RuntimeException e) {
        throw new AssertionError(Fuzz.again(seed) + ", round " + i, e);
      }
    }
    assertThat(malformed).isPositive();
  }
}
