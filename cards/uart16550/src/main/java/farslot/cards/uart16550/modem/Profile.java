package farslot.cards.uart16550.modem;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All that commands set: &amp;F makes it as it left the factory, &amp;W keeps it, Z brings it back.
 */
final class Profile {
  /** Flow control: V.250, 6.2.12, {@code +IFC}, both numbers. */
  static final int FLOW_NONE = 0;

  static final int FLOW_XON_XOFF = 1;
  static final int FLOW_CIRCUIT = 2;
  static final int FLOW_XON_XOFF_TRANSPARENT = 3;

  private static final int LETTERS = 26;

  private final int[] registers = new int[ModemSpec.S_REGISTERS];

  /** Of commands that are a letter, and of those that have an ampersand before it. */
  private final int[] basic = new int[LETTERS];

  private final int[] ampersand = new int[LETTERS];
  private final Map<String, String[]> extended = new LinkedHashMap<>();

  /** How the computer holds the modem back, and how the modem the computer. */
  private int flowByDte;

  private int flowByDce;

  Profile() {
    factory();
  }

  void factory() {
    Arrays.fill(registers, 0);
    registers[ModemSpec.S_ESCAPE] = '+';
    registers[ModemSpec.S_LINE_END] = ModemSpec.CARRIAGE_RETURN;
    registers[ModemSpec.S_FORMATTING] = ModemSpec.LINE_FEED;
    registers[ModemSpec.S_EDITING] = ModemSpec.BACKSPACE;
    registers[6] = 2; // Blind dialling: there is always a dial tone.
    registers[ModemSpec.S_CONNECT_SECONDS] = 50;
    registers[ModemSpec.S_PAUSE_SECONDS] = 2;
    registers[9] = 6;
    registers[ModemSpec.S_CARRIER_LOSS_TENTHS] = 14;
    registers[11] = 95;
    registers[ModemSpec.S_GUARD_FIFTIETHS] = 50;
    registers[25] = 5;
    Arrays.fill(basic, 0);
    Arrays.fill(ampersand, 0);
    basic('E', 1);
    basic('V', 1);
    basic('X', 4);
    basic('L', 1);
    basic('M', 1);
    ampersand('C', 1);
    ampersand('D', 2);
    flow(FLOW_CIRCUIT, FLOW_CIRCUIT);
    extended.clear();
    for (Parameter parameter : Parameter.ALL) {
      extended.put(parameter.name(), parameter.defaults().clone());
    }
  }

  void copyFrom(Profile other) {
    System.arraycopy(other.registers, 0, registers, 0, registers.length);
    System.arraycopy(other.basic, 0, basic, 0, LETTERS);
    System.arraycopy(other.ampersand, 0, ampersand, 0, LETTERS);
    other.extended.forEach((name, values) -> extended.put(name, values.clone()));
    flow(other.flowByDte, other.flowByDce);
  }

  int register(int number) {
    return registers[number];
  }

  void register(int number, int value) {
    registers[number] = value & 0xFF;
  }

  int basic(char letter) {
    return basic[letter - 'A'];
  }

  void basic(char letter, int value) {
    basic[letter - 'A'] = value;
  }

  int ampersand(char letter) {
    return ampersand[letter - 'A'];
  }

  void ampersand(char letter, int value) {
    ampersand[letter - 'A'] = value;
  }

  int flowByDte() {
    return flowByDte;
  }

  int flowByDce() {
    return flowByDce;
  }

  void flow(int byDte, int byDce) {
    flowByDte = byDte;
    flowByDce = byDce;
  }

  /** An extended parameter's values, its own array. */
  String[] extended(String name) {
    return extended.get(name);
  }

  boolean on(String name) {
    return !extended.get(name)[0].equals("0");
  }

  boolean echo() {
    return basic('E') == 1;
  }

  boolean quiet() {
    return basic('Q') != 0;
  }

  boolean verbose() {
    return basic('V') == 1;
  }

  boolean fax() {
    return on("+FCLASS");
  }

  long connectNs() {
    // 0 would be no time at all; the recommendation begins at 1.
    return Math.max(1, registers[ModemSpec.S_CONNECT_SECONDS]) * ModemSpec.SECOND_NS;
  }
}
