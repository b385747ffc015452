package farslot.fuzz;

/** What the fuzzer calls, by these names; {@code -Dfarslot.fuzz.target} says for which target. */
public final class JazzerEntry {
  private static Target target;

  private JazzerEntry() {}

  /** Before the first input. */
  public static void fuzzerInitialize() {
    target = Targets.of(System.getProperty("farslot.fuzz.target", ""));
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    target.run(input);
  }
}
