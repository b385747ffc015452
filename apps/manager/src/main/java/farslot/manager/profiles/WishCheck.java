package farslot.manager.profiles;

import farslot.api.ApiError;
import farslot.manager.model.Document;
import farslot.manager.model.Documents;
import farslot.manager.model.Fabric;
import farslot.manager.model.Held;
import farslot.manager.model.IdentitiesDocument;
import farslot.manager.model.Paths;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.ServerDocument;
import farslot.manager.model.Slot;
import farslot.manager.model.TemplateDocument;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Whether a wish may be wished, and whether what it speaks of is there. */
final class WishCheck {
  private final Fabric fabric;
  private final Facts facts;
  private final After after;
  private final Problems problems;

  WishCheck(Fabric fabric, Facts facts, After after, Problems problems) {
    this.fabric = fabric;
    this.facts = facts;
    this.after = after;
    this.problems = problems;
  }

  /** What a document is called, such as {@code profile/web}. */
  static String title(Document document) {
    String key = document.key();
    return Documents.kind(document) + key.substring(key.lastIndexOf('/'));
  }

  static String tenant(Document document) {
    return switch (document) {
      case ProfileDocument profile -> profile.tenant();
      case PoolDocument pool -> pool.tenant();
      case TemplateDocument template -> template.tenant();
      case IdentitiesDocument identities -> identities.tenant();
      default -> "";
    };
  }

  /** Whether this person may change these documents, and has seen them as they are. */
  void access(Wish wish, Asker asker) {
    wish.documents().forEach(each -> access(each, asker));
    for (String key : wish.deleted()) {
      Optional<Held<Document>> now = fabric.any(key);
      if (now.isEmpty() || !asker.sees(now.get().document())) {
        problems.add(ApiError.NOT_FOUND, "there is no " + key.substring(1), "");
      } else {
        access(now.get().document(), asker);
        inUse(now.get().document(), wish);
      }
    }
  }

  private void access(Document document, Asker asker) {
    Optional<Held<Document>> now = fabric.any(document.key());
    boolean own =
        asker.tenant().isEmpty()
            || (tenant(document).equals(asker.tenant())
                && now.map(held -> tenant(held.document()).equals(asker.tenant())).orElse(true));
    if (!own) {
      problems.add(
          ApiError.FORBIDDEN,
          "%s does not belong to tenant '%s'".formatted(title(document), asker.tenant()),
          "ask an admin of this fabric");
      return;
    }
    long changedAt = now.map(Held::modRevision).orElse(0L);
    if (asker.revision() > 0 && changedAt > asker.revision()) {
      problems.add(
          ApiError.CONFLICT,
          "%s has been changed by revision %d, after revision %d that this was made from"
              .formatted(title(document), changedAt, asker.revision()),
          "farslot get " + title(document).replace('/', ' ') + " -o yaml, and begin from that");
    }
  }

  /** What is deleted and still used. */
  private void inUse(Document document, Wish wish) {
    switch (document) {
      case ProfileDocument profile when !profile.server().isEmpty() && !wish.forced() ->
          problems.add(
              ApiError.CONFLICT,
              "profile/%s is applied to %s".formatted(profile.name(), place(profile)),
              "farslot profile detach " + profile.name() + ", or --force");
      case PoolDocument pool ->
          usedBy(
              title(pool),
              (profile, slot) -> slot.pool().equals(pool.name()),
              profile -> profile.serverPool().equals(pool.name()));
      case IdentitiesDocument identities ->
          usedBy(
              title(identities),
              (profile, slot) -> slot.identityFrom().containsValue(identities.name()),
              _ -> false);
      default -> {}
    }
  }

  private void usedBy(
      String title, BiPredicate<ProfileDocument, Slot> slots, Predicate<ProfileDocument> profiles) {
    for (ProfileDocument each : after.profiles().values()) {
      if (profiles.test(each) || each.slots().stream().anyMatch(slot -> slots.test(each, slot))) {
        problems.add(
            ApiError.CONFLICT,
            title + " is used by profile/" + each.name(),
            "farslot get profile " + each.name() + " -o yaml");
      }
    }
  }

  /** {@code SERVER} or {@code SERVER/GUEST}. */
  static String place(ProfileDocument profile) {
    return profile.guest().isEmpty() ? profile.server() : profile.server() + "/" + profile.guest();
  }

  /** Whether everything that the wished documents name is there, and may be named by them. */
  void references() {
    for (ProfileDocument each : after.wished(ProfileDocument.class)) {
      server(each);
      serverPool(each);
      each.slots().forEach(slot -> slot(each, slot));
    }
    after.wished(IdentitiesDocument.class).forEach(this::overlaps);
  }

  private void server(ProfileDocument profile) {
    if (profile.server().isEmpty()) {
      return;
    }
    Optional<ServerDocument> server =
        fabric
            .get(Paths.server(profile.server()), ServerDocument.class)
            .map(Held::document)
            .filter(_ -> facts.serverFor(profile.tenant(), profile.server()));
    if (server.isEmpty()) {
      problems.add(
          ApiError.NOT_FOUND,
          "profile/%s: there is no server '%s'".formatted(profile.name(), profile.server()),
          "farslot get servers");
    } else if (!profile.guest().isEmpty() && !server.get().guests().contains(profile.guest())) {
      problems.add(
          ApiError.NOT_FOUND,
          "profile/%s: server '%s' has no guest '%s'; it has %s"
              .formatted(profile.name(), profile.server(), profile.guest(), server.get().guests()),
          "farslot describe server " + profile.server());
    }
  }

  private void serverPool(ProfileDocument profile) {
    if (profile.serverPool().isEmpty()) {
      return;
    }
    PoolDocument pool = after.pools().get(profile.serverPool());
    boolean none = pool == null || !mayUse(profile, pool.tenant());
    if (none || pool.servers().isEmpty()) {
      String what = none ? "there is no pool '%s'" : "pool '%s' has no 'servers'";
      problems.add(
          ApiError.NOT_FOUND,
          "profile/" + profile.name() + ": " + what.formatted(profile.serverPool()),
          "farslot get pools");
    }
  }

  private void slot(ProfileDocument profile, Slot slot) {
    String where = "profile/%s, slot %s: ".formatted(profile.name(), slot.name());
    PoolDocument pool = after.pools().get(slot.pool());
    if (!slot.pool().isEmpty() && (pool == null || !mayUse(profile, pool.tenant()))) {
      problems.add(
          ApiError.NOT_FOUND,
          where + "there is no pool '%s'".formatted(slot.pool()),
          "farslot get pools");
    }
    for (Map.Entry<String, String> each : slot.identityFrom().entrySet()) {
      IdentitiesDocument from = after.identities().get(each.getValue());
      if (from == null || !mayUse(profile, from.tenant())) {
        problems.add(
            ApiError.NOT_FOUND,
            where + "there are no identities '%s'".formatted(each.getValue()),
            "farslot get identities");
      } else if (!from.what().equals(each.getKey())) {
        problems.add(
            ApiError.BAD_REQUEST,
            where
                + "identities '%s' are of kind %s, not %s"
                    .formatted(from.name(), from.what(), each.getKey()),
            "");
      }
    }
  }

  private static boolean mayUse(ProfileDocument profile, String tenant) {
    return tenant.isEmpty() || tenant.equals(profile.tenant());
  }

  /** Others' names are not told to a tenant. */
  private static String named(IdentitiesDocument identities, String tenant) {
    boolean seen =
        tenant.isEmpty() || identities.tenant().isEmpty() || identities.tenant().equals(tenant);
    return seen ? "identities/" + identities.name() : "those of another tenant";
  }

  private void overlaps(IdentitiesDocument identities) {
    for (IdentitiesDocument each : after.identities().values()) {
      if (!each.name().equals(identities.name())
          && each.what().equals(identities.what())
          && each.range().overlaps(identities.range())) {
        problems.add(
            ApiError.CONFLICT,
            "identities/%s and %s have identities in common"
                .formatted(identities.name(), named(each, identities.tenant())),
            "change 'from' or 'to' of one of them");
      }
    }
  }
}
