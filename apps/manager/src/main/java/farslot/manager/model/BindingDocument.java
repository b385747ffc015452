package farslot.manager.model;

import java.util.List;

/**
 * Which function is in which slot of which profile. It stays while the profile is applied nowhere,
 * so that its drives are its drives; nobody else is given the function.
 *
 * @param function {@code APPLIANCE/FUNCTION}
 */
public record BindingDocument(String function, String profile, String slot) implements Document {
  @Override
  public String key() {
    return Paths.binding(function);
  }

  @Override
  public List<String> problems() {
    return new Check()
        .function("function", function)
        .name("profile", profile)
        .name("slot", slot)
        .problems();
  }
}
