package farslot.function.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FaultTest {
  private static Fault read(Object... keysAndValues) throws CardConfigException {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return Fault.read(new CardConfig("fault", values));
  }

  private static void refused(String pattern, Object... keysAndValues) {
    assertThatThrownBy(() -> read(keysAndValues))
        .isInstanceOf(CardConfigException.class)
        .hasMessageMatching(pattern);
  }

  @Test
  void whatIsNotSaidIsUsual() throws CardConfigException {
    Fault fault = read("kind", "no-answer");
    assertThat(fault).isEqualTo(Fault.of(FaultKind.NO_ANSWER));
    assertThat(fault.on()).containsExactly(Traffic.READ);
    assertThat(fault.facts()).containsOnlyKeys("kind", "on");
    assertThat(Fault.of(FaultKind.DROP).on()).containsExactly(Traffic.INTERRUPT);
    assertThat(Fault.of(FaultKind.DELAY).delayNs()).isEqualTo(10_000_000);
    assertThat(Fault.of(FaultKind.FLOOD).perSecond()).isEqualTo(1000);
    assertThat(Fault.of(FaultKind.LINK_DOWN).forNs()).isEqualTo(1_000_000_000);
    assertThat(Fault.of(FaultKind.REMOVE).forNs()).isEqualTo(Fault.FOREVER);
    for (FaultKind kind : FaultKind.values()) {
      assertThat(Fault.of(kind).kind()).isEqualTo(kind);
    }
  }

  @Test
  void everythingCanBeSaid() throws CardConfigException {
    Fault fault =
        read(
            "kind",
            "delay",
            "on",
            List.of("dma-read", "READ"),
            "offset",
            "0x10..0x1f",
            "skip",
            3,
            "count",
            4,
            "probability",
            "12.5%",
            "for",
            "2min",
            "delay",
            "250us",
            "seed",
            -9);
    assertThat(fault)
        .isEqualTo(
            new Fault(
                FaultKind.DELAY,
                java.util.Set.of(Traffic.READ, Traffic.DMA_READ),
                Fault.ANY,
                0x10,
                0x1F,
                3,
                4,
                12.5,
                120_000_000_000L,
                250_000,
                0,
                0,
                -9));
    assertThat(fault.facts())
        .containsEntry("on", List.of("read", "dma-read"))
        .containsEntry("offset", "0x10..0x1f")
        .containsEntry("delay_us", 250L);
  }

  @Test
  void whatIsWrongIsSaid() {
    refused(".*'kind' is missing: one of no-answer, ur, .*remove");
    refused(".*'kind: explode' should be one of no-answer, .*", "kind", "explode");
    refused(
        ".*'on: interrupt' should be for 'ur' some of read, config-read, config-write, dma-read",
        "kind",
        "ur",
        "on",
        "interrupt");
    refused(".*left out: 'flood' needs no traffic", "kind", "flood", "on", "read");
    refused(".*'bar' goes with.*", "kind", "ur", "on", "dma-read", "bar", 0);
    refused(".*begins at once.*", "kind", "remove", "skip", 5);
    refused(".*'link-down' takes 'for'", "kind", "remove", "for", "5s");
    refused(".*should be percent, above 0 to 100", "kind", "ur", "probability", "0");
    refused(".*should be percent.*", "kind", "ur", "probability", "NaN");
    refused(".*as in 0x1000..0x1fff", "kind", "ur", "offset", "9..3");
    refused(".*such as 250us or 10ms", "kind", "delay", "delay", "10");
    refused(".*up to 60s such as.*", "kind", "delay", "delay", "2min");
    refused(".*nothing here is called 'delay'.*", "kind", "ur", "delay", "1ms");
    refused(".*from 1 to 1000000", "kind", "flood", "rate", 0);
  }

  @Test
  void concernsWhatItMeets() throws CardConfigException {
    Fault fault = read("kind", "ur", "on", "read", "bar", 2, "offset", "0x10..0x13");
    assertThat(fault.concerns(Traffic.READ, 2, 0x10, 1)).isTrue();
    assertThat(fault.concerns(Traffic.READ, 2, 0x0C, 8)).isTrue();
    assertThat(fault.concerns(Traffic.READ, 2, 0x0C, 4)).isFalse();
    assertThat(fault.concerns(Traffic.READ, 2, 0x14, 4)).isFalse();
    assertThat(fault.concerns(Traffic.READ, 0, 0x10, 4)).isFalse();
    assertThat(fault.concerns(Traffic.WRITE, 2, 0x10, 4)).isFalse();
  }

  /** Anything at all is either a fault that makes sense, or refused in words. */
  @Test
  void anyOptionsAreTakenOrRefused() {
    String[] keys = {
      "kind",
      "on",
      "bar",
      "offset",
      "skip",
      "count",
      "probability",
      "for",
      "delay",
      "rate",
      "vector",
      "seed",
      "x"
    };
    Object[] values = {
      "ur",
      "delay",
      "flood",
      "remove",
      "link-down",
      "read",
      "dma-write",
      "0",
      "-1",
      "5",
      "1e9",
      "10ms",
      "0x10..0x20",
      "99999999999999999999",
      "",
      "..",
      List.of("read", "interrupt"),
      Map.of("a", 1),
      List.of(Map.of()),
      7,
      true
    };
    long seed = 20261122;
    SplittableRandom random = new SplittableRandom(seed);
    int taken = 0;
    for (int round = 0; round < 50_000; round++) {
      Map<String, Object> some = new LinkedHashMap<>();
      some.put("kind", FaultKind.values()[random.nextInt(FaultKind.values().length)].word());
      int count = random.nextInt(4);
      for (int i = 0; i < count; i++) {
        some.put(keys[random.nextInt(keys.length)], values[random.nextInt(values.length)]);
      }
      try {
        Fault fault = Fault.read(new CardConfig("fault", some));
        assertThat(fault.kind().possible()).as("seed %d: %s", seed, some).containsAll(fault.on());
        assertThat(fault.forNs()).isPositive();
        taken++;
      } catch (CardConfigException e) {
        assertThat(e.getMessage()).as("seed %d: %s", seed, some).startsWith("fault: ");
      }
    }
    assertThat(taken).isBetween(5_000, 45_000);
  }
}
