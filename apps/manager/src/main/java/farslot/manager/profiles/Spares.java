package farslot.manager.profiles;

import farslot.manager.model.BindingDocument;
import farslot.manager.model.DocumentException;
import farslot.manager.model.EventDocument;
import farslot.manager.model.Fabric;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.Slot;
import farslot.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts spares in the place of functions that are lost, in slots that ask for it: when the card is
 * gone, or its appliance is silent and whoever has the function says that it does not work. What
 * the slot is called, its MAC above all, goes along; what was on a drive is lost, and the event
 * says so.
 */
final class Spares {
  private static final long MS_PER_SECOND = 1_000;

  /** Identities may be long. */
  private static final int MESSAGE_CHARS_MAX = 1_000;

  private final Fabric fabric;
  private final Facts facts;
  private final Absences absences;
  private final long nowMs;
  private final Set<String> taken = new HashSet<>();
  private final Choice choice;

  Spares(Fabric fabric, Facts facts, Absences absences, long nowMs) {
    this.fabric = fabric;
    this.facts = facts;
    this.absences = absences;
    this.nowMs = nowMs;
    fabric
        .all(BindingDocument.class)
        .values()
        .forEach(each -> taken.add(each.document().function()));
    Map<String, PoolDocument> pools = new HashMap<>();
    fabric
        .all(PoolDocument.class)
        .values()
        .forEach(each -> pools.put(each.document().name(), each.document()));
    choice = new Choice(fabric, facts, pools, taken);
  }

  /** Which spares take over now. */
  List<Transaction> due() throws DocumentException {
    List<Transaction> due = new ArrayList<>();
    for (Held<BindingDocument> each : fabric.all(BindingDocument.class).values()) {
      BindingDocument binding = each.document();
      Optional<ProfileDocument> profile =
          fabric.get(Paths.profile(binding.profile()), ProfileDocument.class).map(Held::document);
      Optional<Slot> slot = profile.flatMap(found -> found.slot(binding.slot()));
      if (slot.isPresent() && slot.get().spare() && isLost(binding.function())) {
        due(profile.get(), slot.get(), binding).ifPresent(due::add);
      }
    }
    return due;
  }

  private boolean isLost(String function) {
    return choice.isGone(function) || facts.silent(function);
  }

  private Optional<Transaction> due(ProfileDocument profile, Slot slot, BindingDocument binding)
      throws DocumentException {
    Optional<PoolDocument> pool =
        fabric.get(Paths.pool(slot.pool()), PoolDocument.class).map(Held::document);
    String what = "function in " + profile.name() + " " + slot.name() + " " + binding.function();
    int seconds = pool.map(PoolDocument::spareAfterSeconds).orElse(ProfileDocument.GONE_SECONDS);
    if (!absences.lasts(what, seconds * MS_PER_SECOND)) {
      return Optional.empty();
    }
    String lost =
        "profile %s, slot %s: %s"
            .formatted(profile.name(), slot.name(), lost(binding.function(), what));
    Optional<String> spare = choice.spares(profile, slot).stream().findFirst();
    if (spare.isEmpty()) {
      String none = lost + "; pool " + slot.pool() + " has no spare for it";
      Ledger ledger = new Ledger(fabric);
      ledger.put(event("unspared", profile, slot, binding, "", none));
      return absences.first(what) ? ledger.small() : Optional.empty();
    }
    taken.add(spare.get());
    Ledger ledger = new Ledger(fabric);
    ledger.delete(binding.key());
    ledger.supersede(profile.name());
    ledger.put(new BindingDocument(spare.get(), profile.name(), slot.name()));
    ledger.unchanged(profile.key());
    ledger.unchanged(Paths.assignment(spare.get()));
    ledger.present(Paths.function(spare.get()));
    String message = "%s; %s takes over%s".formatted(lost, spare.get(), called(slot));
    ledger.put(event("spare-taken", profile, slot, binding, spare.get(), message));
    return ledger.small();
  }

  /** What was lost and why; and that a drive's data went with it. */
  private String lost(String function, String what) {
    String appliance = Choice.appliance(function);
    boolean silent = !facts.applianceThere(appliance);
    boolean drive =
        fabric
            .get(Paths.function(function), FunctionDocument.class)
            .filter(each -> each.document().capacityBytes() > 0)
            .isPresent();
    return "%s is lost, %s for %d s%s"
        .formatted(
            function,
            silent ? "appliance " + appliance + " has been silent" : "its card has been gone",
            absences.seconds(what),
            drive ? ", and what was on it with it" : "");
  }

  private static String called(Slot slot) {
    if (slot.identity().isEmpty()) {
      return "";
    }
    List<String> names = new ArrayList<>();
    slot.identity().forEach((what, value) -> names.add(what + " " + value));
    names.sort(null);
    return " with " + String.join(", ", names);
  }

  private EventDocument event(
      String what,
      ProfileDocument profile,
      Slot slot,
      BindingDocument binding,
      String spare,
      String message) {
    Map<String, String> details =
        Map.of(
            "profile",
            profile.name(),
            "slot",
            slot.name(),
            "lost",
            binding.function(),
            "spare",
            spare);
    String subject = "profiles/" + profile.name() + "/" + slot.name();
    String told =
        message.length() > MESSAGE_CHARS_MAX ? message.substring(0, MESSAGE_CHARS_MAX) : message;
    return new EventDocument(nowMs, what, subject, "", told, details);
  }
}
