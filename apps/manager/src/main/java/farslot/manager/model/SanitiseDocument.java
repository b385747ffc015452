package farslot.manager.model;

import farslot.manager.model.ProfileDocument.Sanitise;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * That something has to be done to a function before anybody gets it. Gone when the appliance has
 * said that it is done.
 *
 * @param policy what is to be done
 * @param job a name that no other task of this function ever has
 * @param after who had it before
 */
public record SanitiseDocument(String function, Sanitise policy, String job, String after)
    implements Document {
  public SanitiseDocument {
    after = Objects.requireNonNullElse(after, "");
  }

  /** As an appliance is told: {@code JOB:KIND}. */
  public String order() {
    return job + ":" + policy.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String key() {
    return Paths.sanitise(function);
  }

  @Override
  public List<String> problems() {
    return new Check()
        .function("function", function)
        .that(policy != null && policy != Sanitise.NONE, "'policy' should be format or identity")
        .name("job", job)
        .text("after", after)
        .problems();
  }
}
