package farslot.cards.uart16550.modem;

/**
 * Does what a command line says, command by command, until one fails or takes its time (V.250, 5.3
 * and 5.6). Commands for what there is not here, such as a loudspeaker, are taken and change
 * nothing but what &amp;V shows.
 */
final class Interpreter {
  /** The largest number of each letter that only sets something, or -1; from A. */
  private static final int[] BASIC_MAX = new int[26];

  private static final int[] AMPERSAND_MAX = new int[26];

  static {
    max(BASIC_MAX, "B199 C1 E1 F10 L3 M3 N5 P0 Q1 T0 V1 W2 X4 Y1");
    max(AMPERSAND_MAX, "A3 B3 C1 D3 G2 H4 I1 J1 L2 M4 N64 O9 P3 Q9 R1 S2 U9 X2 Y1");
  }

  private static void max(int[] table, String entries) {
    java.util.Arrays.fill(table, -1);
    for (String entry : entries.split(" ")) {
      table[entry.charAt(0) - 'A'] = Integer.parseInt(entry.substring(1));
    }
  }

  private static final int FACTORY_PROFILES = 2;
  private static final int STORED_PROFILES = 2;

  private final Profile profile;
  private final Actions actions;
  private final ExtendedCommands extended;
  private final Profile[] stored = new Profile[STORED_PROFILES];
  private final String[] numbers = new String[DialString.STORED_NUMBERS];
  private String lastDialled = "";

  /** The register that a lone ? or = is about. */
  private int register;

  Interpreter(Profile profile, Actions actions) {
    this.profile = profile;
    this.actions = actions;
    extended = new ExtendedCommands(profile, actions);
    for (int i = 0; i < STORED_PROFILES; i++) {
      stored[i] = new Profile();
    }
    java.util.Arrays.fill(numbers, "");
  }

  /** Does a line, without its AT; null when the result comes later. */
  ResultCode run(String line) {
    CommandReader reader = new CommandReader(line);
    ResultCode result = ResultCode.OK;
    while (result == ResultCode.OK && !reader.atEnd()) {
      result = command(reader);
    }
    return result;
  }

  private ResultCode command(CommandReader reader) {
    char c = reader.next();
    return switch (c) {
      case '+' -> extended.run(reader);
      case '&' -> ampersand(reader);
      case '\\', '%' -> others(c, reader);
      case 'A' -> {
        reader.rest();
        yield actions.answer();
      }
      case 'D' -> dial(reader);
      case 'H' -> hook(reader.number());
      case 'I' -> identify(reader.number());
      case 'O' -> reader.number() <= 3 ? ended(reader, actions.online()) : ResultCode.ERROR;
      case 'S' -> register(reader);
      case '=', '?' -> registerAgain(c, reader);
      case 'Z' -> reset(reader);
      case ';' -> ResultCode.OK;
      default -> c >= 'A' && c <= 'Z' ? set(c, reader.number()) : ResultCode.ERROR;
    };
  }

  /** A command that ends its line, unless it failed. */
  private static ResultCode ended(CommandReader reader, ResultCode result) {
    reader.rest();
    return result;
  }

  private ResultCode set(char letter, int value) {
    if (value > BASIC_MAX[letter - 'A']) {
      return ResultCode.ERROR;
    }
    profile.basic(letter, value);
    return ResultCode.OK;
  }

  private ResultCode hook(int value) {
    return value <= 1 ? actions.hook(value) : ResultCode.ERROR;
  }

  private ResultCode dial(CommandReader reader) {
    DialString dial = DialString.parse(reader.rest());
    if (dial == null) {
      return ResultCode.ERROR;
    }
    String target =
        dial.redials() ? lastDialled : dial.stored() >= 0 ? numbers[dial.stored()] : dial.target();
    if (target.isEmpty() && (dial.redials() || dial.stored() >= 0)) {
      return ResultCode.ERROR;
    }
    lastDialled = target;
    DialString full =
        new DialString(target, dial.pauses(), dial.stays(), false, -1, dial.waitsForSilence(), "");
    ResultCode result = actions.dial(full);
    return result == ResultCode.OK && dial.stays() ? run(dial.rest()) : result;
  }

  private ResultCode identify(int what) {
    switch (what) {
      case 0 -> actions.info(ExtendedCommands.PRODUCT_CODE);
      case 1, 2 -> {
        // The check of a ROM that there is not: it is as it should be.
      }
      case 3 -> actions.info(ExtendedCommands.MANUFACTURER + " " + ExtendedCommands.MODEL);
      case 4 -> actions.info(ExtendedCommands.CAPABILITIES);
      case 5, 6, 7, 8, 9 -> actions.info(ExtendedCommands.MODEL);
      default -> {
        return ResultCode.ERROR;
      }
    }
    return ResultCode.OK;
  }

  private ResultCode register(CommandReader reader) {
    int number = reader.number();
    if (number >= ModemSpec.S_REGISTERS) {
      return ResultCode.ERROR;
    }
    register = number;
    if (reader.takes('=')) {
      return assign(reader);
    }
    return reader.takes('?') ? show() : ResultCode.OK;
  }

  private ResultCode registerAgain(char c, CommandReader reader) {
    return c == '=' ? assign(reader) : show();
  }

  private ResultCode assign(CommandReader reader) {
    int value = reader.number();
    boolean control = register >= ModemSpec.S_LINE_END && register <= ModemSpec.S_EDITING;
    if (value > (control ? 127 : 255)) {
      return ResultCode.ERROR;
    }
    profile.register(register, value);
    return ResultCode.OK;
  }

  private ResultCode show() {
    actions.info("%03d".formatted(profile.register(register)));
    return ResultCode.OK;
  }

  private ResultCode reset(CommandReader reader) {
    int which = reader.number();
    if (which >= STORED_PROFILES) {
      return ResultCode.ERROR;
    }
    profile.copyFrom(stored[which]);
    return ended(reader, actions.reset());
  }

  private ResultCode ampersand(CommandReader reader) {
    char letter = reader.next();
    int value = reader.number();
    switch (letter) {
      case 'F' -> {
        if (value > FACTORY_PROFILES) {
          return ResultCode.ERROR;
        }
        profile.factory();
      }
      case 'K' -> {
        return flow(value);
      }
      case 'T' -> {
        return value == 0 ? ResultCode.OK : ResultCode.ERROR; // No tests of a line that is none.
      }
      case 'V' -> view();
      case 'W' -> {
        if (value >= STORED_PROFILES) {
          return ResultCode.ERROR;
        }
        stored[value].copyFrom(profile);
      }
      case 'Z' -> {
        return store(value, reader);
      }
      default -> {
        boolean known = letter >= 'A' && letter <= 'Z' && value <= AMPERSAND_MAX[letter - 'A'];
        if (!known) {
          return ResultCode.ERROR;
        }
        profile.ampersand(letter, value);
      }
    }
    actions.settled();
    return ResultCode.OK;
  }

  private ResultCode flow(int value) {
    switch (value) {
      case 0 -> profile.flow(Profile.FLOW_NONE, Profile.FLOW_NONE);
      case 3 -> profile.flow(Profile.FLOW_CIRCUIT, Profile.FLOW_CIRCUIT);
      case 4 -> profile.flow(Profile.FLOW_XON_XOFF, Profile.FLOW_XON_XOFF);
      case 5 -> profile.flow(Profile.FLOW_XON_XOFF_TRANSPARENT, Profile.FLOW_XON_XOFF);
      default -> {
        return ResultCode.ERROR;
      }
    }
    actions.settled();
    return ResultCode.OK;
  }

  /** Commands of the industry beyond V.250; \Q is another &amp;K, the rest changes nothing. */
  private ResultCode others(char family, CommandReader reader) {
    char letter = reader.next();
    int value = reader.number();
    if (letter < 'A' || letter > 'Z' || value > 255) {
      return ResultCode.ERROR;
    }
    if (family == '\\' && letter == 'Q') {
      return switch (value) {
        case 0 -> flow(0);
        case 1 -> flow(4);
        case 2, 3 -> flow(3);
        default -> ResultCode.ERROR;
      };
    }
    return ResultCode.OK;
  }

  private ResultCode store(int index, CommandReader reader) {
    if (index >= numbers.length || !reader.takes('=')) {
      return ResultCode.ERROR;
    }
    DialString dial = DialString.parse(reader.rest());
    if (dial == null || dial.stays() || dial.redials() || dial.stored() >= 0) {
      return ResultCode.ERROR;
    }
    numbers[index] = dial.target();
    return ResultCode.OK;
  }

  private void view() {
    StringBuilder basic = new StringBuilder();
    for (char letter = 'A'; letter <= 'Z'; letter++) {
      if (BASIC_MAX[letter - 'A'] > 0) {
        basic.append(letter).append(profile.basic(letter)).append(' ');
      }
    }
    for (char letter : new char[] {'C', 'D', 'S'}) {
      basic.append('&').append(letter).append(profile.ampersand(letter)).append(' ');
    }
    actions.info(basic + "+IFC=" + profile.flowByDte() + "," + profile.flowByDce());
    StringBuilder registers = new StringBuilder();
    for (int i = 0; i <= ModemSpec.S_GUARD_FIFTIETHS; i++) {
      registers.append("S%02d:%03d ".formatted(i, profile.register(i)));
    }
    actions.info(registers.toString().trim());
  }
}
