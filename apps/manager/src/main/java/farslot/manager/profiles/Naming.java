package farslot.manager.profiles;

import farslot.api.ApiError;
import farslot.manager.model.Fabric;
import farslot.manager.model.Held;
import farslot.manager.model.IdentitiesDocument;
import farslot.manager.model.Paths;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.Slot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives the slots of wished profiles their identities: those that they say, those that they have,
 * and new ones for the rest. None twice.
 */
final class Naming {
  private final Fabric fabric;
  private final After after;
  private final Problems problems;
  private final IdentityGiving giving;
  private final Map<String, String> owners = new HashMap<>();

  Naming(Fabric fabric, After after, Problems problems) {
    this.fabric = fabric;
    this.after = after;
    this.problems = problems;
    this.giving = new IdentityGiving(fabric);
  }

  /** Puts the wished profiles into {@code after} with all identities, and says what was given. */
  IdentityGiving name() {
    List<ProfileDocument> wished = after.wished(ProfileDocument.class);
    List<ProfileDocument> kept = wished.stream().map(this::keeping).toList();
    kept.forEach(after::put);
    after.profiles().values().forEach(this::note);
    kept.forEach(each -> after.put(giving(each)));
    return giving;
  }

  /** With what its slots were given before. */
  private ProfileDocument keeping(ProfileDocument profile) {
    Optional<ProfileDocument> stored =
        fabric.get(Paths.profile(profile.name()), ProfileDocument.class).map(Held::document);
    List<Slot> slots = new ArrayList<>();
    for (Slot slot : profile.slots()) {
      Map<String, String> identity = new HashMap<>(slot.identity());
      Optional<Slot> before = stored.flatMap(each -> each.slot(slot.name()));
      slot.identityFrom().forEach((what, from) -> keep(profile, slot, before, what, identity));
      slots.add(slot.with(identity));
    }
    return profile.with(slots);
  }

  private void keep(
      ProfileDocument profile,
      Slot slot,
      Optional<Slot> before,
      String what,
      Map<String, String> identity) {
    Optional<String> given =
        before
            .filter(each -> slot.identityFrom().get(what).equals(each.identityFrom().get(what)))
            .map(each -> each.identity().get(what));
    String said = identity.get(what);
    if (said == null) {
      given.ifPresent(value -> identity.put(what, value));
    } else if (!given.equals(Optional.of(said))) {
      problems.add(
          ApiError.CONFLICT,
          "profile/%s, slot %s: the %s is given from '%s' and is %s, not %s"
              .formatted(
                  profile.name(),
                  slot.name(),
                  what,
                  slot.identityFrom().get(what),
                  given.orElse("not given yet"),
                  said),
          "leave out 'identity." + what + "', or 'identity-from." + what + "'");
    }
  }

  /** Takes note of who is called what. */
  private void note(ProfileDocument profile) {
    for (Slot slot : profile.slots()) {
      slot.identity().forEach((what, value) -> note(profile, slot, what, value));
    }
  }

  private void note(ProfileDocument profile, Slot slot, String what, String value) {
    String owner = "slot %s of profile/%s".formatted(slot.name(), profile.name());
    String other = owners.putIfAbsent(what + "=" + value, owner);
    giving.use(what, value);
    if (other != null) {
      problems.add(
          ApiError.CONFLICT,
          "%s and %s both have the %s %s".formatted(other, owner, what, value),
          "give one of them another, or 'identity-from'");
    }
  }

  private ProfileDocument giving(ProfileDocument profile) {
    List<Slot> slots = new ArrayList<>();
    for (Slot slot : profile.slots()) {
      Map<String, String> identity = new HashMap<>(slot.identity());
      slot.identityFrom()
          .forEach(
              (what, from) -> {
                IdentitiesDocument identities = after.identities().get(from);
                if (!identity.containsKey(what)
                    && identities != null
                    && identities.what().equals(what)) {
                  give(profile, slot, identities, identity);
                }
              });
      slots.add(slot.with(identity));
    }
    return profile.with(slots);
  }

  private void give(
      ProfileDocument profile,
      Slot slot,
      IdentitiesDocument identities,
      Map<String, String> identity) {
    Optional<String> next = giving.next(identities);
    next.ifPresent(value -> identity.put(identities.what(), value));
    if (next.isEmpty()) {
      problems.add(
          ApiError.CONFLICT,
          "profile/%s, slot %s: all identities of '%s' are given"
              .formatted(profile.name(), slot.name(), identities.name()),
          "make another range: 'kind: Identities'");
    }
  }
}
