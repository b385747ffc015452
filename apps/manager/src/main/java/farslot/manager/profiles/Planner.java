package farslot.manager.profiles;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.manager.model.BindingDocument;
import farslot.manager.model.ChangeDocument;
import farslot.manager.model.Document;
import farslot.manager.model.DocumentException;
import farslot.manager.model.EventDocument;
import farslot.manager.model.Fabric;
import farslot.manager.model.Held;
import farslot.manager.model.IdentitiesDocument;
import farslot.manager.model.Paths;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.Slot;
import farslot.manager.model.TemplateDocument;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes plans: what a wish changes in documents, which functions go into which slots, and what that
 * means for servers. The same fabric and the same wish make the same plan.
 */
public final class Planner {
  private static final int MESSAGE_CHARS_MAX = 1000;

  private final Fabric fabric;
  private final Facts facts;

  public Planner(Fabric fabric, Facts facts) {
    this.fabric = fabric;
    this.facts = facts;
  }

  /**
   * Plans what somebody has written.
   *
   * @param forced whether servers that have to let go are not asked
   * @throws ApiException with all that is in the way
   */
  public Plan plan(List<Written> written, boolean forced, Asker asker) throws ApiException {
    List<Written> owned = written.stream().map(each -> ofTenant(each, asker)).toList();
    TemplateFilling filling =
        new TemplateFilling(
            name ->
                fabric
                    .get(Paths.template(name), TemplateDocument.class)
                    .map(Held::document)
                    .filter(asker::sees));
    try {
      return plan(Wish.of(filling.documents(owned)).forced(forced), asker);
    } catch (ManifestException e) {
      throw new ApiException(ApiError.BAD_REQUEST, "nothing is changed", e.getMessage(), "");
    }
  }

  /** What people of a tenant write is their tenant's, unless they say otherwise. */
  private static Written ofTenant(Written written, Asker asker) {
    if (asker.tenant().isEmpty() || written.spec().has("tenant")) {
      return written;
    }
    return written.with(written.spec().deepCopy().put("tenant", asker.tenant()));
  }

  /**
   * Plans a wish.
   *
   * @throws ApiException with all that is in the way
   */
  public Plan plan(Wish wish, Asker asker) throws ApiException {
    Problems problems = new Problems();
    After after = new After(fabric, wish);
    WishCheck check = new WishCheck(fabric, facts, after, problems);
    check.access(wish, asker);
    check.references();
    problems.throwIfAny();
    IdentityGiving giving = new Naming(fabric, after, problems).name();
    Set<String> rebound = rebound(wish);
    Binder binder = new Binder(fabric, facts, after, rebound, wish.released(), problems);
    binder.bind(after.wished(ProfileDocument.class));
    problems.throwIfAny();
    try {
      return plan(wish, asker, after, giving, binder, rebound);
    } catch (DocumentException e) {
      throw new ApiException(ApiError.BAD_REQUEST, "nothing is changed", e.getMessage(), "");
    }
  }

  /** Names of the profiles that the wish is about. */
  private static Set<String> rebound(Wish wish) {
    Set<String> names = new TreeSet<>();
    for (Document each : wish.documents()) {
      if (each instanceof ProfileDocument profile) {
        names.add(profile.name());
      }
    }
    for (String key : wish.deleted()) {
      if (Paths.PROFILES.contains(key)) {
        names.add(key.substring(Paths.PROFILES.from().length()));
      }
    }
    return names;
  }

  private Plan plan(
      Wish wish,
      Asker asker,
      After after,
      IdentityGiving giving,
      Binder binder,
      Set<String> rebound)
      throws ApiException, DocumentException {
    Ledger ledger = new Ledger(fabric);
    documents(wish, after, ledger);
    SortedMap<String, BindingDocument> before = bindings();
    bind(before, binder.bindings(), after, ledger);
    if (ledger.isEmpty()) {
      return new Plan(
          fabric.revision(), List.of(), "", Optional.empty(), Optional.empty(), List.of());
    }
    Wants wants = new Wants(after.profiles(), binder.bindings());
    PlanSteps steps = new PlanSteps(fabric, before, binder);
    steps.documents(ledger.changes());
    steps.bindings();
    steps.assignments(wants.due(fabric), rebound);
    String diff = diff(ledger, before, binder.bindings(), after);
    Optional<String> change = follow(wish, asker, ledger, steps, rebound);
    Map<String, String> none = Map.of();
    giving.changes().forEach(ledger::put);
    ledger.put(
        new EventDocument(
            asker.nowMs(), "accepted", subject(ledger), asker.by(), message(steps), none));
    return new Plan(
        fabric.revision(),
        steps.steps(),
        diff,
        Optional.of(ledger.transaction()),
        change,
        List.copyOf(rebound));
  }

  private void documents(Wish wish, After after, Ledger ledger) {
    wish.deleted().forEach(ledger::delete);
    for (Document each : wish.documents()) {
      Document wished = after.document(each.key()).orElseThrow();
      Optional<Document> now = fabric.any(wished.key()).map(Held::document);
      if (!now.equals(Optional.of(wished))) {
        ledger.put(wished);
      }
    }
  }

  private SortedMap<String, BindingDocument> bindings() {
    SortedMap<String, BindingDocument> bindings = new TreeMap<>();
    fabric
        .all(BindingDocument.class)
        .values()
        .forEach(each -> bindings.put(each.document().function(), each.document()));
    return bindings;
  }

  /** What goes into slots and out of them, and what that relies upon. */
  private void bind(
      SortedMap<String, BindingDocument> before,
      SortedMap<String, BindingDocument> now,
      After after,
      Ledger ledger) {
    for (BindingDocument each : before.values()) {
      if (!now.containsKey(each.function())) {
        ledger.delete(each.key());
      }
    }
    for (BindingDocument each : now.values()) {
      if (!each.equals(before.get(each.function()))) {
        ledger.put(each);
        ledger.present(Paths.function(each.function()));
        ledger.unchanged(Paths.assignment(each.function()));
        ProfileDocument profile = after.profiles().get(each.profile());
        profile.slot(each.slot()).ifPresent(slot -> rely(slot, after, ledger));
        ledger.unchanged(profile.key());
        ledger.present(Paths.server(profile.server()));
      }
    }
  }

  private void rely(Slot slot, After after, Ledger ledger) {
    PoolDocument pool = after.pools().get(slot.pool());
    if (pool != null) {
      ledger.unchanged(pool.key());
    }
    for (String from : slot.identityFrom().values()) {
      IdentitiesDocument identities = after.identities().get(from);
      if (identities != null) {
        ledger.unchanged(identities.key());
      }
    }
  }

  private String diff(
      Ledger ledger,
      SortedMap<String, BindingDocument> before,
      SortedMap<String, BindingDocument> now,
      After after) {
    Set<String> keys = new TreeSet<>();
    ledger
        .changes()
        .forEach(
            (key, document) -> {
              if (!Paths.BINDINGS.contains(key)) {
                keys.add(key);
              } else {
                BindingDocument binding =
                    now.getOrDefault(functionOf(key), before.get(functionOf(key)));
                keys.add(Paths.profile(binding.profile()));
              }
            });
    PlanDiff diff = new PlanDiff(before, now);
    for (String key : keys) {
      Optional<Document> old = fabric.any(key).map(Held::document);
      Optional<Document> young =
          Optional.ofNullable(ledger.changes().get(key)).orElseGet(() -> after.document(key));
      diff.add(key, old, young);
    }
    return diff.toString();
  }

  private static String functionOf(String bindingKey) {
    return bindingKey.substring(Paths.BINDINGS.from().length());
  }

  /** Notes what has to follow, so that it is put back if it cannot. */
  private Optional<String> follow(
      Wish wish, Asker asker, Ledger ledger, PlanSteps steps, Set<String> rebound)
      throws ApiException, DocumentException {
    List<Held<ChangeDocument>> underWay = new ArrayList<>();
    for (Held<ChangeDocument> each : fabric.all(ChangeDocument.class).values()) {
      Set<String> touched = new TreeSet<>(each.document().before().keySet());
      each.document().profiles().forEach(name -> touched.add(Paths.profile(name)));
      boolean shared = !Collections.disjoint(touched, ledger.changes().keySet());
      if (shared || each.document().profiles().stream().anyMatch(rebound::contains)) {
        underWay.add(each);
      }
    }
    if (!underWay.isEmpty() && !wish.forced()) {
      ChangeDocument other = underWay.getFirst().document();
      String name = other.profiles().isEmpty() ? other.id() : other.profiles().getFirst();
      throw new ApiException(
          ApiError.CONFLICT,
          "nothing is changed",
          "profile/%s is just being changed%s".formatted(name, by(other)),
          "wait, farslot profile cancel " + name + ", or --force");
    }
    Map<String, String> before = ledger.before();
    underWay.forEach(each -> ledger.delete(each.document().key()));
    if (!steps.takeTime() && underWay.isEmpty()) {
      return Optional.empty();
    }
    String id =
        Long.toString(asker.nowMs(), Character.MAX_RADIX)
            + "-"
            + Long.toString(fabric.revision(), Character.MAX_RADIX);
    ledger.put(
        new ChangeDocument(
            id,
            asker.nowMs(),
            asker.waitMs(),
            asker.by(),
            wish.forced(),
            List.copyOf(rebound),
            before));
    return Optional.of(id);
  }

  private static String by(ChangeDocument change) {
    return change.by().isEmpty() ? "" : " by " + change.by();
  }

  /** What the event is about: the first document, or the first binding. */
  private static String subject(Ledger ledger) {
    String key = ledger.changes().keySet().iterator().next();
    return key.substring(1);
  }

  private static String message(PlanSteps steps) {
    String all = String.join("; ", steps.steps().stream().map(PlanStep::toString).toList());
    return all.length() > MESSAGE_CHARS_MAX ? all.substring(0, MESSAGE_CHARS_MAX) + "..." : all;
  }
}
