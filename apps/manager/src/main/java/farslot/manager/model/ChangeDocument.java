package farslot.manager.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A change of profiles that has been accepted and takes its time. It is gone when all is as wanted;
 * or all is put back as it was, and then it is gone.
 *
 * @param atMs when it was accepted, in milliseconds since 1970
 * @param waitMs how long it may take
 * @param by who asked for it; "" for the manager itself
 * @param forced whether servers that have to let go are not asked
 * @param profiles whose assignments have to follow
 * @param before what was under the keys that it touched; "" for nothing
 */
public record ChangeDocument(
    String id,
    long atMs,
    long waitMs,
    String by,
    boolean forced,
    List<String> profiles,
    Map<String, String> before)
    implements Document {
  public ChangeDocument {
    by = Objects.requireNonNullElse(by, "");
    profiles = profiles == null ? List.of() : List.copyOf(profiles);
    before = before == null ? Map.of() : Map.copyOf(before);
  }

  @Override
  public String key() {
    return Paths.change(id);
  }

  @Override
  public List<String> problems() {
    Check check =
        new Check()
            .name("id", id)
            .atLeast("at-ms", atMs, 0)
            .atLeast("wait-ms", waitMs, 1)
            .text("by", by)
            .entries("profiles", profiles);
    profiles.forEach(each -> check.name("profiles", each));
    return check.problems();
  }
}
