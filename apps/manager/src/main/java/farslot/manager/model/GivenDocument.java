package farslot.manager.model;

import java.util.List;

/**
 * How much has been given of a range of identities, ever. It is never deleted: who makes the range
 * anew goes on behind it.
 *
 * @param from the range's first
 * @param next the number of the first that nobody was given
 */
public record GivenDocument(String what, String from, long next) implements Document {
  @Override
  public String key() {
    return Paths.given(what, from);
  }

  /** What has been given. */
  public IdentityRange range() {
    IdentityRange first = IdentityRange.one(from).orElseThrow();
    return new IdentityRange(first.prefix(), first.digits(), first.first(), next - 1);
  }

  @Override
  public List<String> problems() {
    return new Check()
        .name("what", what)
        .that(
            IdentityRange.one(from).filter(first -> first.first() < next).isPresent(),
            "'from' should be an identity below 'next'")
        .problems();
  }
}
