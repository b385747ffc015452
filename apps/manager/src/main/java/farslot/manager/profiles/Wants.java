package farslot.manager.profiles;

import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.BindingDocument;
import farslot.manager.model.Fabric;
import farslot.manager.model.Held;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.Slot;
import farslot.manager.model.Terms;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which assignments profiles want, by the profiles and by which functions are in their slots.
 *
 * @param profiles by name
 * @param bindings by function
 */
record Wants(Map<String, ProfileDocument> profiles, SortedMap<String, BindingDocument> bindings) {
  /** What is wanted by what the store has. */
  static Wants of(Fabric fabric) {
    Map<String, ProfileDocument> profiles = new TreeMap<>();
    fabric
        .all(ProfileDocument.class)
        .values()
        .forEach(each -> profiles.put(each.document().name(), each.document()));
    SortedMap<String, BindingDocument> bindings = new TreeMap<>();
    fabric
        .all(BindingDocument.class)
        .values()
        .forEach(each -> bindings.put(each.document().function(), each.document()));
    return new Wants(profiles, bindings);
  }

  /** The assignment that a function should have; none if its profile is applied nowhere. */
  Optional<AssignmentDocument> assignment(String function) {
    BindingDocument binding = bindings.get(function);
    ProfileDocument profile = binding == null ? null : profiles.get(binding.profile());
    if (profile == null || profile.server().isEmpty()) {
      return Optional.empty();
    }
    return profile
        .slot(binding.slot())
        .map(
            slot ->
                AssignmentDocument.wanted(function, profile.server(), profile.guest())
                    .forProfile(profile.name(), slot.name())
                    .ofTenant(profile.tenant())
                    .with(terms(profile, slot)));
  }

  private static Terms terms(ProfileDocument profile, Slot slot) {
    return new Terms(slot.identity(), slot.bootOrder(), slot.qos(), profile.sanitise());
  }

  /** What has to be done so that everything is as it is wanted, by function. */
  SortedMap<String, Due> due(Fabric fabric) {
    SortedMap<String, Due> due = new TreeMap<>();
    for (String function : bindings.keySet()) {
      assignment(function)
          .flatMap(wanted -> Due.between(fabric.assignment(function), wanted))
          .ifPresent(each -> due.put(function, each));
    }
    for (Held<AssignmentDocument> each : fabric.all(AssignmentDocument.class).values()) {
      AssignmentDocument now = each.document();
      if (!now.profile().isEmpty() && assignment(now.function()).isEmpty()) {
        boolean kept = bindings.containsKey(now.function());
        Due.end(each, kept).ifPresent(end -> due.put(now.function(), end));
      }
    }
    return due;
  }
}
