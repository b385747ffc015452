package farslot.cards.uart16550.modem;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a modem is told by the appliance's configuration. {@code listen:} is for {@link
 * farslot.function.Calls}.
 *
 * @param number by which the card's other modems reach this one; "" for none
 * @param listens whether calls come in over the network
 * @param greets whether who calls over the network is told that this is a modem
 * @param directory numbers and names, and the addresses that they stand for
 * @param rules what else may be dialled
 * @param faxSpeed how many times faster than a telephone line a fax is, 1 to {@link #FAX_SPEED_MAX}
 */
record ModemConfig(
    String number,
    boolean listens,
    boolean greets,
    Map<String, String> directory,
    DialRules rules,
    int faxSpeed) {
  static final int FAX_SPEED_MAX = 100;
  static final int DIRECTORY_MAX = 1000;

  /** Reads one; the caller asks {@link CardConfig#finish}, when the line has been opened too. */
  static ModemConfig read(CardConfig config) throws CardConfigException {
    String number = config.string("number", "");
    if (!dialable(number)) {
      throw config.wrong("number", "digits, such as \"100\"");
    }
    List<DialRules.Rule> rules = new ArrayList<>();
    for (String text : config.strings("allow")) {
      DialRules.Rule rule = DialRules.read(text);
      if (rule == null) {
        throw config.wrong(
            "allow", "HOST:PORT, ADDRESS/BITS:PORT or any, a port being a number or *");
      }
      rules.add(rule);
    }
    return new ModemConfig(
        number,
        config.has("listen"),
        config.bool("greeting", true),
        directory(config),
        new DialRules(rules),
        (int) config.number("fax-speed", 1, 1, FAX_SPEED_MAX));
  }

  /** Whether it needs the network at all. */
  boolean network() {
    return listens || !directory.isEmpty() || !rules.none();
  }

  private static Map<String, String> directory(CardConfig config) throws CardConfigException {
    Map<String, String> directory = new LinkedHashMap<>();
    for (CardConfig entry : config.list("directory")) {
      String name = entry.string("number");
      String at = entry.string("at");
      entry.finish();
      if (directory.putIfAbsent(name, at) != null || directory.size() > DIRECTORY_MAX) {
        throw entry.wrong(
            "number", "another one than all others, of " + DIRECTORY_MAX + " at most");
      }
    }
    return directory;
  }

  private static boolean dialable(String number) {
    return number.length() <= TrunkFormat.NUMBER_CHARACTERS_MAX
        && number.chars().allMatch(c -> c >= '0' && c <= '9' || c == '*' || c == '#');
  }
}
