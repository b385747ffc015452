package farslot.manager.profiles;

/**
 * One thing that a plan does.
 *
 * @param verb in one word, such as {@code attach}
 * @param subject a document such as {@code profile/web}, or a function
 * @param text what happens, for people
 * @param reason why; "" if the text says it
 */
public record PlanStep(String verb, String subject, String text, String reason) {
  @Override
  public String toString() {
    return "%s %s: %s%s"
        .formatted(verb, subject, text, reason.isEmpty() ? "" : " (" + reason + ")");
  }
}
