package farslot.manager.profiles;

import farslot.manager.model.Document;
import farslot.manager.model.DocumentException;
import farslot.manager.model.EventDocument;
import farslot.manager.model.Fabric;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.ProfileDocument.ServerDeath;
import farslot.manager.model.ServerDocument;
import farslot.store.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Moves profiles whose server has been gone for long enough, to the first candidate that is there
 * and that no other profile has. The former server is shut out by epochs before the next one is let
 * in; that it is silent is only why.
 */
final class FailOver {
  private static final long MS_PER_SECOND = 1_000;

  private final Fabric fabric;
  private final Facts facts;
  private final Absences absences;
  private final long nowMs;
  private final Set<String> promised = new HashSet<>();

  FailOver(Fabric fabric, Facts facts, Absences absences, long nowMs) {
    this.fabric = fabric;
    this.facts = facts;
    this.absences = absences;
    this.nowMs = nowMs;
  }

  /** What moves now, and what would if it could. */
  List<Transaction> due() throws DocumentException {
    List<Transaction> due = new ArrayList<>();
    for (Held<ProfileDocument> each : fabric.all(ProfileDocument.class).values()) {
      ProfileDocument profile = each.document();
      boolean concerned =
          profile.onServerDeath() == ServerDeath.MOVE && !profile.server().isEmpty();
      if (concerned && !facts.serverThere(profile.server())) {
        String what = "server of " + profile.name() + " " + profile.server();
        if (absences.lasts(what, profile.moveAfterSeconds() * MS_PER_SECOND)) {
          move(profile, what).ifPresent(due::add);
        }
      }
    }
    return due;
  }

  private Optional<Transaction> move(ProfileDocument profile, String what)
      throws DocumentException {
    Optional<String> next = candidate(profile);
    String gone =
        "profile %s: server %s has been gone for %d s"
            .formatted(profile.name(), profile.server(), absences.seconds(what));
    if (next.isEmpty()) {
      return absences.first(what)
          ? Optional.of(told("stranded", profile, gone + ", and no candidate is there and free"))
          : Optional.empty();
    }
    promised.add(next.get());
    String[] place = next.get().split("/", 2);
    ProfileDocument moved = profile.at(place[0], place.length > 1 ? place[1] : "");
    Ledger ledger = new Ledger(fabric);
    ledger.put(moved);
    ledger.supersede(moved.name());
    ledger.present(Paths.server(moved.server()));
    ledger.put(event("failed-over", profile, gone + "; it moves to " + next.get(), next.get()));
    return ledger.small();
  }

  /** The first candidate that could take it. */
  Optional<String> candidate(ProfileDocument profile) {
    List<String> candidates = new ArrayList<>(profile.candidates());
    fabric
        .get(
            Paths.pool(profile.serverPool().isEmpty() ? "-" : profile.serverPool()),
            PoolDocument.class)
        .ifPresent(pool -> candidates.addAll(pool.document().servers()));
    return candidates.stream()
        .filter(each -> !each.equals(WishCheck.place(profile)))
        .filter(each -> isThere(profile.tenant(), each))
        .filter(each -> !promised.contains(each) && !isTaken(each))
        .findFirst();
  }

  private boolean isThere(String tenant, String candidate) {
    String[] place = candidate.split("/", 2);
    return facts.serverThere(place[0])
        && facts.serverFor(tenant, place[0])
        && fabric
            .get(Paths.server(place[0]), ServerDocument.class)
            .filter(each -> place.length < 2 || each.document().guests().contains(place[1]))
            .isPresent();
  }

  private boolean isTaken(String candidate) {
    return fabric.all(ProfileDocument.class).values().stream()
        .anyMatch(each -> WishCheck.place(each.document()).equals(candidate));
  }

  private Transaction told(String what, ProfileDocument profile, String message)
      throws DocumentException {
    Ledger ledger = new Ledger(fabric);
    ledger.put(event(what, profile, message, ""));
    return ledger.small().orElseThrow();
  }

  private Document event(String what, ProfileDocument profile, String message, String to) {
    Map<String, String> details =
        Map.of("profile", profile.name(), "from", WishCheck.place(profile), "to", to);
    return new EventDocument(nowMs, what, "profiles/" + profile.name(), "", message, details);
  }
}
