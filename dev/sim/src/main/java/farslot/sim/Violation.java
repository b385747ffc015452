package farslot.sim;

/**
 * A rule that did not hold.
 *
 * @param atNs virtual time, from the beginning of the world
 * @param text what was seen
 */
public record Violation(Rule rule, long atNs, String text) {
  @Override
  public String toString() {
    return "%s (%s), at %.3f ms: %s".formatted(rule, rule.words, atNs / 1e6, text);
  }
}
