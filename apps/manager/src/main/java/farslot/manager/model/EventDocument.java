package farslot.manager.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Something that happened, for people and for the audit log.
 *
 * @param atMs when, in milliseconds since 1970; from whoever records it
 * @param what in one word, such as {@code assigned}
 * @param subject what it happened to, such as a function's path
 * @param by who did it; "" for the manager itself
 * @param message for people
 */
public record EventDocument(
    long atMs, String what, String subject, String by, String message, Map<String, String> details)
    implements Document {
  public EventDocument {
    by = Objects.requireNonNullElse(by, "");
    details = details == null ? Map.of() : Map.copyOf(details);
  }

  /** In the order of time; one thing's event of one kind happens once in a millisecond. */
  @Override
  public String key() {
    return "/events/%015d/%s/%s".formatted(atMs, what, subject);
  }

  @Override
  public List<String> problems() {
    return new Check()
        .atLeast("at-ms", atMs, 0)
        .name("what", what)
        .that(
            subject != null && subject.matches("[A-Za-z0-9._/-]{1,160}"),
            "'subject' should be a name or a path")
        .text("by", by)
        .text("message", message)
        .attributes("details", details)
        .problems();
  }
}
