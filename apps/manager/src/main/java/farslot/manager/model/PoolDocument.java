package farslot.manager.model;

import java.util.List;
import java.util.Objects;

/**
 * Functions that are as good as each other.
 *
 * @param tenant whose it is; "" for everybody's
 * @param card the kind of card; "" for any
 * @param capacityBytesMin what a drive has at least
 * @param functions that belong to it, by name; empty for all that fit
 * @param spares of these, kept for when another dies
 */
public record PoolDocument(
    String name,
    String tenant,
    String card,
    long capacityBytesMin,
    List<String> functions,
    List<String> spares)
    implements Document {
  public PoolDocument {
    tenant = Objects.requireNonNullElse(tenant, "");
    card = Objects.requireNonNullElse(card, "");
    functions = functions == null ? List.of() : List.copyOf(functions);
    spares = spares == null ? List.of() : List.copyOf(spares);
  }

  /** Whether a function may be taken for this pool. */
  public boolean fits(FunctionDocument function) {
    return (card.isEmpty() || card.equals(function.card()))
        && function.capacityBytes() >= capacityBytesMin
        && (function.tenant().isEmpty() || function.tenant().equals(tenant))
        && (functions.isEmpty() || functions.contains(function.path()));
  }

  @Override
  public String key() {
    return "/pools/" + name;
  }

  @Override
  public List<String> problems() {
    Check check =
        new Check()
            .name("name", name)
            .that(tenant.isEmpty() || Check.isName(tenant), "'tenant' should be a name or \"\"")
            .that(card.isEmpty() || Check.isName(card), "'card' should be a card's kind or \"\"")
            .atLeast("capacity-bytes-min", capacityBytesMin, 0)
            .entries("functions", functions)
            .different("functions", functions)
            .entries("spares", spares)
            .different("spares", spares);
    functions.forEach(each -> check.function("functions", each));
    for (String spare : spares) {
      check.function("spares", spare);
      check.that(
          functions.isEmpty() || functions.contains(spare),
          "'spares' has '%s', which is not among 'functions'".formatted(spare));
    }
    return check.problems();
  }
}
