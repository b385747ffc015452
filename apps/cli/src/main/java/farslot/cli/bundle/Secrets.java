package farslot.cli.bundle;

import java.util.regex.Pattern;

/** Takes out of a text what nobody else should see. */
final class Secrets {
  /** What stands instead. */
  static final String REMOVED = "(removed)";

  /** A key that says that its value is one, in YAML or JSON; up to the end of the value. */
  private static final Pattern VALUES =
      Pattern.compile(
          "(?im)^(\\s*(?:-\\s+)?[\"']?[\\w-]*"
              + "(?:password|passwd|passphrase|secret|token|private-?key|psk|credential)[\\w-]*[\"']?\\s*:[ \\t]*)"
              + "(?:[|>][^\\n]*(?:\\n[ \\t]+[^\\n]*)*|[^\\n,}]*)");

  /** The same inside a line: {@code {token: x, a: b}}. */
  private static final Pattern INLINE =
      Pattern.compile(
          "(?i)([{,]\\s*\\\\?[\"']?[\\w-]*"
              + "(?:password|passwd|passphrase|secret|token|private-?key|psk|credential)[\\w-]*\\\\?[\"']?\\s*:\\s*)"
              + "(\\\\\"[^\"]*\\\\\"|\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|[^,}\\n]*)");

  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\\z)",
          Pattern.DOTALL);

  /**
   * A join token, wherever it stands: the audit log quotes what people typed into a wrong place.
   */
  private static final Pattern TOKENS = Pattern.compile("fsj1:[\\w:.-]+");

  private Secrets() {}

  static String removed(String text) {
    String without = PEM.matcher(text).replaceAll(REMOVED);
    without = TOKENS.matcher(without).replaceAll(REMOVED);
    without = VALUES.matcher(without).replaceAll("$1" + REMOVED);
    return INLINE.matcher(without).replaceAll("$1" + REMOVED);
  }
}
