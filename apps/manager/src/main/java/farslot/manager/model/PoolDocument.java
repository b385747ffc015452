package farslot.manager.model;

import java.util.List;
import java.util.Objects;

/**
 * Functions that are as good as each other, or servers that are.
 *
 * @param tenant whose it is; "" for everybody's
 * @param card the kind of card; "" for any
 * @param capacityBytesMin what a drive has at least
 * @param functions that belong to it, by name; empty for all that fit
 * @param spares of these, kept for when another dies
 * @param spareAfterSeconds how long a function is gone before a spare takes its place
 * @param servers {@code SERVER} or {@code SERVER/GUEST}, for profiles whose server dies
 */
public record PoolDocument(
    String name,
    String tenant,
    String card,
    long capacityBytesMin,
    List<String> functions,
    List<String> spares,
    int spareAfterSeconds,
    List<String> servers)
    implements Document {
  public PoolDocument {
    tenant = Objects.requireNonNullElse(tenant, "");
    card = Objects.requireNonNullElse(card, "");
    functions = functions == null ? List.of() : List.copyOf(functions);
    spares = spares == null ? List.of() : List.copyOf(spares);
    spareAfterSeconds = spareAfterSeconds == 0 ? ProfileDocument.GONE_SECONDS : spareAfterSeconds;
    servers = servers == null ? List.of() : List.copyOf(servers);
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
    return Paths.pool(name);
  }

  @Override
  public List<String> problems() {
    Check check =
        new Check()
            .name("name", name)
            .nameOrNone("tenant", tenant)
            .nameOrNone("card", card)
            .atLeast("capacity-bytes-min", capacityBytesMin, 0)
            .entries("functions", functions)
            .different("functions", functions)
            .entries("spares", spares)
            .different("spares", spares)
            .atLeast("spare-after-seconds", spareAfterSeconds, 1)
            .entries("servers", servers)
            .different("servers", servers);
    servers.forEach(each -> check.server("servers", each));
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
