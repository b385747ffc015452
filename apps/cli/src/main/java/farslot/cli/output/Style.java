package farslot.cli.output;

/** What a piece of text says by its colour. Nothing is said by colour alone. */
public enum Style {
  PLAIN(""),
  /** Headers and names that matter. */
  STRONG("1"),
  /** What is there to be found, not to be read. */
  FAINT("2"),
  GOOD("32"),
  WARNING("33"),
  BAD("31"),
  /** On its way to another state. */
  BUSY("36");

  private static final String ESCAPE = "\033[";

  private final String code;

  Style(String code) {
    this.code = code;
  }

  /** The text, coloured when that is wanted. */
  public String paint(String text, boolean coloured) {
    return !coloured || code.isEmpty() || text.isEmpty()
        ? text
        : ESCAPE + code + "m" + text + ESCAPE + "0m";
  }

  /** The style of a state, health or phase, by its word; plain for words that are not known. */
  public static Style of(String word) {
    return switch (word) {
      case "ok",
          "attached",
          "up",
          "ready",
          "running",
          "present",
          "done",
          "live",
          "applied",
          "here" ->
          GOOD;
      case "free", "-", "", "none", "detached", "unapplied", "expired" -> FAINT;
      case "assigned",
          "granted",
          "releasing",
          "attaching",
          "draining",
          "detaching",
          "fencing",
          "fenced",
          "sanitising",
          "moving",
          "changing",
          "pending" ->
          BUSY;
      case "degraded", "stale", "late", "spare", "partly", "incomplete", "warning" -> WARNING;
      case "lost",
          "absent",
          "away",
          "stuck",
          "unreadable",
          "failed",
          "down",
          "gone",
          "error",
          "dead",
          "refused" ->
          BAD;
      default -> PLAIN;
    };
  }
}
