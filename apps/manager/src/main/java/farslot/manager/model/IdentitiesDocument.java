package farslot.manager.model;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A range of identities, each given out once and never again.
 *
 * @param tenant whose profiles are given of it; "" for everybody's
 * @param what they are, such as {@code mac} or {@code serial}
 * @param from the first: a MAC address, or a text that ends in digits
 * @param to the last
 */
public record IdentitiesDocument(String name, String tenant, String what, String from, String to)
    implements Document {
  public IdentitiesDocument {
    tenant = Objects.requireNonNullElse(tenant, "");
    from = normal(what, from);
    to = normal(what, to);
  }

  private static String normal(String what, String text) {
    return Slot.MAC.equals(what) && text != null ? text.toLowerCase(Locale.ROOT) : text;
  }

  /** It becomes a part of a key. */
  private static boolean isPlain(String text) {
    return text != null && text.matches("[A-Za-z0-9._:-]{1,64}");
  }

  /** All of them; only of a document without {@link #problems}. */
  public IdentityRange range() {
    return IdentityRange.between(from, to).orElseThrow();
  }

  @Override
  public String key() {
    return Paths.identities(name);
  }

  @Override
  public List<String> problems() {
    Check check = new Check().name("name", name).nameOrNone("tenant", tenant).name("what", what);
    if (Slot.MAC.equals(what)) {
      check.mac("from", from).mac("to", to);
    }
    if (!check.problems().isEmpty()) {
      return check.problems();
    }
    return check
        .that(
            isPlain(from) && isPlain(to),
            "'from' and 'to' should be plain texts of 1 to 64 letters, digits, or any of ._:-")
        .that(
            IdentityRange.between(from, to).isPresent(),
            "'from' and 'to' should be MAC addresses, or texts that differ in the digits at their"
                + " end such as FS-0001 and FS-0999, the lower one first")
        .that(
            !Slot.MAC.equals(what)
                || IdentityRange.between(from, to).map(IdentityRange::isOfStations).orElse(true),
            "'from' and 'to' should have the same first byte, an even one")
        .problems();
  }
}
