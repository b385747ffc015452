package farslot.cards.uart16550.modem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.chance.Fuzz;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dial strings, rules, configuration; and a modem that is told anything at all. */
class ParsersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "T123|123",
        "P 1-2(3)|123",
        "123W4@|1234",
        "*70,#1|*70#1",
        "Thost:23|host:23",
        "T host:23|host:23",
        "10.0.0.1:23|10.0.0.1:23",
        "T[::1]:23|[::1]:23",
        "\"Name\"|Name",
        "T\"a;b:1\"|a;b:1",
        "+49 30 1|+49301",
        "tower:23|ower:23"
      })
  void dialStringsHaveTargets(String text, String target) {
    assertThat(DialString.parse(text).target()).isEqualTo(target);
  }

  @Test
  void dialStringsHaveModifiers() {
    DialString dial = DialString.parse("T1,,2@;S7=3");
    assertThat(dial.pauses()).isEqualTo(2);
    assertThat(dial.stays()).isTrue();
    assertThat(dial.rest()).isEqualTo("S7=3");
    assertThat(dial.waitsForSilence()).isTrue();
    assertThat(DialString.parse("l").redials()).isTrue();
    assertThat(DialString.parse("S=3").stored()).isEqualTo(3);
    assertThat(DialString.parse("S=4")).isNull();
    assertThat(DialString.parse("\"open")).isNull();
    assertThat(DialString.parse("1".repeat(300))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "any, x.example:1, true",
    "bbs.example:23, BBS.example:23, true",
    "bbs.example:23, bbs.example:24, false",
    "bbs.example:*, bbs.example:24, true",
    "*:23, anything:23, true",
    "10.1.0.0/16:*, 10.1.255.255:9, true",
    "10.1.0.0/16:*, 10.2.0.0:9, false",
    "10.1.0.0/16:*, 10.1.evil.example:9, false",
    "0.0.0.0/0:80, 9.9.9.9:80, true",
    "0.0.0.0/0:80, name:80, false",
    "1.2.3.4/32:80, 1.2.3.5:80, false",
    "any, nothing, false",
    "any, a:0, false",
    "any, a:99999, false"
  })
  void rulesPermit(String rule, String address, boolean permitted) {
    DialRules rules = new DialRules(List.of(DialRules.read(rule)));
    assertThat(rules.permit(address)).isEqualTo(permitted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        ":23",
        "host:",
        "host:0",
        "host:x",
        "1.2.3/8:1",
        "1.2.3.4/33:1",
        "h/8:1"
      })
  void rulesThatAreNone(String text) {
    assertThat(DialRules.read(text)).isNull();
  }

  @Test
  void configurationsAreRead() throws CardConfigException {
    ModemConfig config =
        ModemConfig.read(
            new CardConfig(
                "port",
                Map.of(
                    "number",
                    100,
                    "listen",
                    "127.0.0.1:1",
                    "directory",
                    List.of(Map.of("number", 7, "at", "h:1")),
                    "allow",
                    List.of("10.0.0.0/8:23"),
                    "fax-speed",
                    3)));
    assertThat(config.number()).isEqualTo("100");
    assertThat(config.listens()).isTrue();
    assertThat(config.directory()).containsExactly(Map.entry("7", "h:1"));
    assertThat(config.faxSpeed()).isEqualTo(3);
    assertThat(config.network()).isTrue();
    assertThat(ModemConfig.read(new CardConfig("p", Map.of("number", "1"))).network()).isFalse();
  }

  @Test
  void configurationsThatAreWrongSayWhy() {
    wrong(Map.of("number", "12a"), "digits");
    wrong(Map.of("allow", "everywhere"), "HOST:PORT");
    wrong(Map.of("fax-speed", 0), "1 to 100");
    wrong(Map.of("directory", List.of(Map.of("number", 7))), "'at' is missing");
    Map<String, Object> twice = Map.of("number", 7, "at", "h:1");
    wrong(Map.of("directory", List.of(twice, twice)), "another one");
  }

  private static void wrong(Map<String, ?> values, String advice) {
    assertThatThrownBy(() -> ModemConfig.read(new CardConfig("port", values)))
        .isInstanceOf(CardConfigException.class)
        .hasMessageContaining(advice);
  }

  @Test
  void aCardHasEachNumberOnce() {
    Exchange exchange = new Exchange();
    new Modem(Terminal.config("1"), exchange, null);
    assertThatThrownBy(
            () ->
                Modem.open(new CardConfig("port", Map.of("number", "1")), config -> null, exchange))
        .isInstanceOf(CardConfigException.class)
        .hasMessageContaining("another one");
  }

  @Test
  void noCommandLineIsTooStrange() {
    Fuzz.run(
        3000,
        (random, iterations) -> {
          Terminal t = Terminal.alone();
          for (int i = 0; i < iterations; i++) {
            // Registers that make editing strange are put back.
            t.type("AT" + strange(random) + "\r");
            t.ms(50_000);
            assertThat(t.text().length()).isLessThan(20_000);
            t.modem.lines(false, true);
            t.modem.lines(true, true);
            if (i % 50 == 49) {
              t = Terminal.alone();
            }
          }
        });
  }

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdstz0123456789+&\\%=?,;:\"@!.-*# ()/+F+FCLASS=1;+FRH=3+FTM=96";

  private static String strange(SplittableRandom random) {
    StringBuilder line = new StringBuilder();
    int length = random.nextInt(30);
    for (int i = 0; i < length; i++) {
      line.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return line.toString();
  }
}
