package farslot.manager.profiles;

import farslot.api.ApiError;
import farslot.manager.model.BindingDocument;
import farslot.manager.model.Fabric;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.Slot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Puts functions into the slots of profiles. What is in a slot stays there as long as it can be
 * used at all; the rest is chosen so that every slot gets one, if that is possible.
 */
final class Binder {
  /** A slot that needs a function. */
  private record Empty(ProfileDocument profile, Slot slot) {}

  private final Fabric fabric;
  private final Problems problems;
  private final SortedMap<String, BindingDocument> bindings = new TreeMap<>();
  private final Map<String, String> reasons = new HashMap<>();
  private final Choice kept;
  private final Choice choice;

  /**
   * @param after how profiles and pools are
   * @param rebound names of profiles whose slots are looked at; those that are no more among them
   * @param released names of profiles whose functions are free again while they are applied nowhere
   */
  Binder(
      Fabric fabric,
      Facts facts,
      After after,
      Set<String> rebound,
      Set<String> released,
      Problems problems) {
    this.fabric = fabric;
    this.problems = problems;
    Map<String, PoolDocument> pools = after.pools();
    kept = new Choice(fabric, facts, pools, Set.of());
    for (Held<BindingDocument> each : fabric.all(BindingDocument.class).values()) {
      BindingDocument binding = each.document();
      if (!rebound.contains(binding.profile()) || stays(binding, after, released)) {
        bindings.put(binding.function(), binding);
      }
    }
    choice = new Choice(fabric, facts, pools, bindings.keySet());
  }

  private boolean stays(BindingDocument binding, After after, Set<String> released) {
    String function = binding.function();
    ProfileDocument profile = after.profiles().get(binding.profile());
    Optional<Slot> slot = Optional.ofNullable(profile).flatMap(each -> each.slot(binding.slot()));
    if (slot.isEmpty()) {
      reasons.put(function, profile == null ? "the profile is deleted" : "the slot is no more");
      return false;
    }
    if (profile.server().isEmpty() && released.contains(profile.name())) {
      reasons.put(function, "released");
      return false;
    }
    String unsuitable = unsuitable(profile, slot.get(), function);
    if (!unsuitable.isEmpty()) {
      reasons.put(function, function + " " + unsuitable);
    }
    return unsuitable.isEmpty();
  }

  private String unsuitable(ProfileDocument profile, Slot slot, String function) {
    if (!slot.function().isEmpty()) {
      return slot.function().equals(function) ? "" : "is not '" + slot.function() + "'";
    }
    Optional<FunctionDocument> document = function(function);
    if (kept.isGone(function) || document.isEmpty()) {
      return "is gone";
    }
    return kept.unsuitable(profile, slot, document.get());
  }

  private Optional<FunctionDocument> function(String function) {
    return fabric.get(Paths.function(function), FunctionDocument.class).map(Held::document);
  }

  /** Fills the empty slots of these profiles, as far as they are applied to a server. */
  void bind(List<ProfileDocument> profiles) {
    Matching<Empty, String> matching = new Matching<>();
    for (ProfileDocument profile : profiles) {
      Set<String> full = new HashSet<>();
      bindings.values().stream()
          .filter(each -> each.profile().equals(profile.name()))
          .forEach(each -> full.add(each.slot()));
      for (Slot slot : profile.slots()) {
        if (!profile.server().isEmpty() && !full.contains(slot.name())) {
          seek(matching, new Empty(profile, slot));
        }
      }
    }
    matching.without().forEach(this::tellNone);
    matching.result().forEach(this::fill);
  }

  private void seek(Matching<Empty, String> matching, Empty empty) {
    Slot slot = empty.slot();
    if (slot.function().isEmpty()) {
      matching.add(empty, choice.suiting(empty.profile(), slot));
      return;
    }
    String wrong = wrong(empty.profile(), slot);
    if (wrong.isEmpty()) {
      matching.add(empty, List.of(slot.function()));
    } else {
      boolean unknown = function(slot.function()).isEmpty();
      problems.add(
          unknown ? ApiError.NOT_FOUND : ApiError.CONFLICT,
          where(empty) + slot.function() + " " + wrong,
          unknown ? "farslot list" : "farslot describe " + slot.function());
    }
  }

  /** Why a slot's own function cannot be in it; "" if it can. */
  private String wrong(ProfileDocument profile, Slot slot) {
    String function = slot.function();
    Optional<FunctionDocument> document = function(function);
    if (document.isEmpty()) {
      return "is no function that anybody knows";
    }
    BindingDocument taken = bindings.get(function);
    if (taken != null) {
      return "is in slot %s of profile/%s".formatted(taken.slot(), taken.profile());
    }
    String held =
        fabric
            .assignment(function)
            .filter(each -> !each.document().profile().equals(profile.name()))
            .map(each -> choice.heldBy(function))
            .orElse("");
    return held.isEmpty() ? choice.unsuitable(profile, slot, document.get()) : held;
  }

  private void fill(Empty empty, String function) {
    String slot = empty.slot().name();
    bindings.put(function, new BindingDocument(function, empty.profile().name(), slot));
    String from = empty.slot().pool().isEmpty() ? "" : "chosen from pool " + empty.slot().pool();
    reasons.putIfAbsent(function, from);
  }

  private void tellNone(Empty empty) {
    Slot slot = empty.slot();
    String what = slot.card().isEmpty() ? "function" : slot.card();
    String least =
        slot.capacityBytesMin() == 0
            ? ""
            : " of at least %d bytes".formatted(slot.capacityBytesMin());
    problems.add(
        ApiError.CONFLICT,
        where(empty)
            + "there is no free %s%s in pool %s: %s"
                .formatted(what, least, slot.pool(), choice.whyNone(empty.profile(), slot)),
        "farslot describe pool " + slot.pool());
  }

  private static String where(Empty empty) {
    return "profile/%s, slot %s: ".formatted(empty.profile().name(), empty.slot().name());
  }

  /** What is in which slot, by function. */
  SortedMap<String, BindingDocument> bindings() {
    return bindings;
  }

  /** Why a function is, or is no more, in its slot; "" if that is plain. */
  String reason(String function) {
    return reasons.getOrDefault(function, "");
  }
}
