package farslot.manager.profiles;

import farslot.manager.model.Fabric;
import farslot.manager.model.GivenDocument;
import farslot.manager.model.Held;
import farslot.manager.model.IdentitiesDocument;
import farslot.manager.model.IdentityRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives identities out of ranges, each once: not again after its profile is gone. */
final class IdentityGiving {
  private final Map<String, GivenDocument> given = new HashMap<>();
  private final Map<String, GivenDocument> changed = new HashMap<>();
  private final Map<String, Set<String>> used = new HashMap<>();

  IdentityGiving(Fabric fabric) {
    for (Held<GivenDocument> each : fabric.all(GivenDocument.class).values()) {
      given.put(each.document().key(), each.document());
    }
  }

  /** Notes that somebody has an identity already. */
  void use(String what, String identity) {
    used.computeIfAbsent(what, _ -> new HashSet<>()).add(identity);
  }

  /** The next one; none if all are given. */
  Optional<String> next(IdentitiesDocument identities) {
    IdentityRange range = identities.range();
    String what = identities.what();
    String key = new GivenDocument(what, identities.from(), range.first() + 1).key();
    GivenDocument before = given.get(key);
    long number = before == null ? range.first() : Math.max(before.next(), range.first());
    for (; number <= range.last(); number++) {
      String identity = range.text(number);
      Optional<IdentityRange> other = givenWith(what, identity);
      if (other.isPresent()) {
        number = other.get().last(); // All of that range, at once.
      } else if (!used.getOrDefault(what, Set.of()).contains(identity)) {
        GivenDocument after = new GivenDocument(what, identities.from(), number + 1);
        given.put(key, after);
        changed.put(key, after);
        use(what, identity);
        return Optional.of(identity);
      }
    }
    return Optional.empty();
  }

  private Optional<IdentityRange> givenWith(String what, String identity) {
    return ranges(what).stream().filter(each -> each.contains(identity)).findFirst();
  }

  private List<IdentityRange> ranges(String what) {
    List<IdentityRange> ranges = new ArrayList<>();
    for (GivenDocument each : given.values()) {
      if (each.what().equals(what)) {
        ranges.add(each.range());
      }
    }
    return ranges;
  }

  /** What has to be remembered of what was given. */
  Collection<GivenDocument> changes() {
    return changed.values();
  }
}
