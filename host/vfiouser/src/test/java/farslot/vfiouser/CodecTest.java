package farslot.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.chance.Fuzz;
import farslot.vfiouser.wire.Json;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.VfioUserMessage.Check;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CodecTest {
  private static final int MAX = 4096;

  private static Check check(byte[] bytes) {
    return VfioUserMessage.check(MemorySegment.ofArray(bytes), 0, bytes.length, MAX);
  }

  private static byte[] header(int size, int flags) {
    return Bytes.of().u16(0x1234).u16(9).u32(size).u32(flags).u32(5).done();
  }

  @Test
  void fieldsAreWhereTheProtocolPutsThem() {
    byte[] bytes = Bytes.of().raw(header(24, 0x31)).u32(0x44332211).u32(0x88776655).done();
    VfioUserMessage view = new VfioUserMessage().wrap(MemorySegment.ofArray(bytes), 0);
    assertThat(check(bytes)).isEqualTo(Check.OK);
    assertThat(view.id()).isEqualTo(0x1234);
    assertThat(view.command()).isEqualTo(9);
    assertThat(view.size()).isEqualTo(24);
    assertThat(view.isReply()).isTrue();
    assertThat(view.noReply()).isTrue();
    assertThat(view.isError()).isTrue();
    assertThat(view.errno()).isEqualTo(5);
    assertThat(view.payloadBytes()).isEqualTo(8);
    assertThat(view.u8(1)).isEqualTo(0x22);
    assertThat(view.u16(2)).isEqualTo(0x4433);
    assertThat(view.u32(4)).isEqualTo(0x88776655);
    assertThat(view.u64(0)).isEqualTo(0x8877665544332211L);
  }

  @Test
  void whatIsNoMessageIsTold() {
    assertThat(check(new byte[0])).isEqualTo(Check.INCOMPLETE);
    assertThat(check(new byte[15])).isEqualTo(Check.INCOMPLETE);
    assertThat(check(header(16, 0))).isEqualTo(Check.OK);
    assertThat(check(header(17, 0))).isEqualTo(Check.INCOMPLETE);
    assertThat(check(header(15, 0))).isEqualTo(Check.SIZE_TOO_SMALL);
    assertThat(check(header(0, 0))).isEqualTo(Check.SIZE_TOO_SMALL);
    assertThat(check(header(MAX, 0))).isEqualTo(Check.INCOMPLETE);
    assertThat(check(header(MAX + 1, 0))).isEqualTo(Check.SIZE_TOO_LARGE);
    assertThat(check(header(-1, 0))).isEqualTo(Check.SIZE_TOO_LARGE);
    assertThat(check(header(16, 2))).isEqualTo(Check.TYPE);
    assertThat(check(header(16, 0xF))).isEqualTo(Check.TYPE);
  }

  /** No bytes make a check throw, and what passes can be read as its command says. */
  @Test
  void checksSurviveAnything() {
    long seed = Fuzz.seed();
    int iterations = Fuzz.iterations(200_000);
    Random random = new Random(seed);
    VfioUserMessage view = new VfioUserMessage();
    int passed = 0;
    for (int i = 0; i < iterations; i++) {
      byte[] bytes = new byte[16 + random.nextInt(80)];
      random.nextBytes(bytes);
      for (int at = 16; at < bytes.length && random.nextInt(3) != 0; at++) {
        bytes[at] = (byte) (random.nextInt(8) == 0 ? 1 << random.nextInt(8) : 0);
      }
      if (random.nextInt(4) != 0) {
        Bytes.view(bytes)
            .putShort(2, (short) random.nextInt(20))
            .putInt(4, bytes.length)
            .putInt(8, 0);
      }
      if (bytes.length >= 20 && random.nextBoolean()) {
        Bytes.view(bytes).putInt(16, 4096);
      }
      try {
        // Exactly as long as the message: reading past it is an exception, not a neighbour.
        if (check(bytes) == Check.OK) {
          view.wrap(MemorySegment.ofArray(bytes), 0);
          if (RequestChecks.check(view, random.nextInt(3), 4096) == Refusal.NONE) {
            passed++;
            read(view);
          }
        }
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(passed).as("seed %d", seed).isGreaterThan(iterations / 1000);
  }

  private static void read(VfioUserMessage request) {
    switch (request.command()) {
      case 2 -> request.u64(24);
      case 3 -> request.u64(16);
      case 5 -> request.u64(24);
      case 8 -> {
        int count = request.u32(16);
        if ((request.u32(4) & 2) != 0 && count > 0) {
          request.u8(20 + count - 1L);
        }
      }
      case 10 -> request.u8(16 + request.u32(12) - 1L);
      case 15 -> {
        if (request.u64(0) > 0) {
          request.u64(8 + 24 * (request.u64(0) - 1) + 16);
        }
      }
      default -> {}
    }
  }

  @Test
  void jsonIsReadAndNonsenseIsNot() throws Exception {
    assertThat(
            Json.parse(
                " { \"a\" : [ 1 , -2.5e1, true, false, null, \"x\\u0041\\n\" ] , \"b\":{}} "))
        .isEqualTo(
            Map.of(
                "a", List.of(1L, -25.0, true, false, Json.NULL, "xA\n"),
                "b", Map.of()));
    String[] bad = {
      "",
      " ",
      "{",
      "}",
      "[1,]",
      "{\"a\"}",
      "{\"a\":}",
      "{a:1}",
      "\"",
      "\"\\u12\"",
      "01",
      "-",
      "tru",
      "1 2",
      "\"\n\"",
      "[".repeat(1000),
      "1e",
      "{\"a\":1,}",
    };
    for (String text : bad) {
      assertThatThrownBy(() -> Json.parse(text))
          .as(text)
          .isInstanceOf(Json.MalformedException.class);
    }
  }

  @Test
  void jsonSurvivesAnything() {
    long seed = Fuzz.seed();
    Random random = new Random(seed);
    String letters = "{}[]\",:\\ut1-.e0 nfalse";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(30); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        Json.parse(text.toString());
      } catch (Json.MalformedException e) {
        assertThat(e.getMessage()).isNotEmpty();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + text, e);
      }
    }
  }

  @Test
  void theFilterSplicesMsixOutOfAnyPlaceInTheList() {
    int[][] lists = {{0x11, 0x05}, {0x05, 0x11}, {0x01, 0x11, 0x10}, {0x11}, {0x05}, {}};
    for (int[] list : lists) {
      byte[] config = config(list);
      MemorySegment segment = Arena.ofAuto().allocate(256);
      MemorySegment.copy(MemorySegment.ofArray(config), 0, segment, 0, 256);
      ConfigFilter filter = ConfigFilter.of(VfioUserOptions.Msix.HIDDEN, segment, 0);
      filter.onRead(segment, 0, 0, 256);
      List<Integer> left = ids(segment);
      assertThat(left).doesNotContain(0x11);
      assertThat(left).hasSize(filter.hides() ? list.length - 1 : list.length);
    }
  }

  @Test
  void aLoopOrNonsenseInTheListHidesNothing() {
    MemorySegment loop = Arena.ofAuto().allocate(256);
    loop.copyFrom(MemorySegment.ofArray(config(0x05, 0x01)));
    loop.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 0x51, (byte) 0x40);
    assertThat(ConfigFilter.of(VfioUserOptions.Msix.HIDDEN, loop, 0).hides()).isFalse();
    MemorySegment gone = Arena.ofAuto().allocate(256).fill((byte) 0xFF);
    assertThat(ConfigFilter.of(VfioUserOptions.Msix.HIDDEN, gone, 0).hides()).isFalse();
    assertThat(ConfigFilter.none().drops(0, 256)).isFalse();
  }

  private static byte[] config(int... ids) {
    byte[] config = new byte[256];
    config[6] = 0x10;
    int pointer = 0x34;
    for (int i = 0; i < ids.length; i++) {
      int at = 0x40 + 0x10 * i;
      config[pointer] = (byte) at;
      config[at] = (byte) ids[i];
      pointer = at + 1;
    }
    return config;
  }

  private static List<Integer> ids(MemorySegment config) {
    java.util.ArrayList<Integer> ids = new java.util.ArrayList<>();
    int at = config.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0x34);
    while (at != 0) {
      ids.add((int) config.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at));
      at = config.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at + 1);
    }
    return ids;
  }
}
