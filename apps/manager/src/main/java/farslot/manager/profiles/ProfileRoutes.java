package farslot.manager.profiles;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.api.Role;
import farslot.api.Router;
import farslot.manager.access.Tenancy;
import farslot.manager.engine.Manager;
import farslot.manager.engine.View;
import farslot.manager.model.ChangeDocument;
import farslot.manager.model.DocumentException;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.ProfileDocument;
import farslot.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What can be done with files of documents, and with a profile as a whole: apply it to a server,
 * move it to another, take it from its server, give up a change of it that is under way.
 */
final class ProfileRoutes {
  private static final String PROFILE = "/api/v1/profiles/{name}";

  /**
   * Body of {@code apply}.
   *
   * @param yaml documents as people write them
   * @param file how a person finds them; "" for nowhere in particular
   * @param dryRun whether the plan is only to be seen
   * @param force whether servers that have to let go are not asked
   * @param revision that they were made from: what was changed since is not overwritten; 0 for any
   */
  record File(String yaml, String file, boolean dryRun, boolean force, long revision) {}

  /**
   * Body of what is done with a profile.
   *
   * @param server {@code SERVER}, or {@code SERVER/GUEST} while {@code guest} is ""; "" for the
   *     first candidate that can take it
   * @param release with {@code detach}: whether its functions are free for others afterwards
   */
  record Order(
      String server, String guest, boolean force, boolean release, boolean dryRun, long revision) {
    static final Order NONE = new Order("", "", false, false, false, 0);

    Order {
      server = Objects.requireNonNullElse(server, "");
      guest = Objects.requireNonNullElse(guest, "");
    }
  }

  private final Manager manager;
  private final Applying applying;

  ProfileRoutes(Manager manager, Applying applying) {
    this.manager = manager;
    this.applying = applying;
  }

  void add(Router router) {
    router.on("POST", "/api/v1/apply", Role.OPERATOR, (request, _) -> file(request));
    router.on("POST", PROFILE + "/apply", Role.OPERATOR, changing(ProfileRoutes::apply));
    router.on("POST", PROFILE + "/move", Role.OPERATOR, changing(ProfileRoutes::move));
    router.on("POST", PROFILE + "/detach", Role.OPERATOR, changing(ProfileRoutes::detach));
    router.on("POST", PROFILE + "/cancel", Role.OPERATOR, this::cancel);
  }

  private ApiResponse file(ApiRequest request) throws ApiException, InterruptedException {
    File file = Json.read(request.body(), File.class);
    String name = Objects.requireNonNullElse(file.file(), "");
    List<Written> written;
    try {
      written =
          Manifest.read(
              name.isEmpty() ? "the file" : name, Objects.requireNonNullElse(file.yaml(), ""));
    } catch (ManifestException e) {
      throw new ApiException(ApiError.BAD_REQUEST, "nothing is changed", e.getMessage(), "");
    }
    return applying.apply(
        request,
        file.revision(),
        file.dryRun(),
        (_, planner, asker) -> planner.plan(written, file.force(), asker));
  }

  private static Order order(ApiRequest request) throws ApiException {
    return request.body().isMissingNode() ? Order.NONE : Json.read(request.body(), Order.class);
  }

  /** A profile that this caller may change. */
  private static ProfileDocument profile(View view, ApiRequest request, String name)
      throws ApiException {
    Optional<ProfileDocument> profile =
        view.fabric()
            .get(Paths.profile(name), ProfileDocument.class)
            .map(Held::document)
            .filter(each -> request.caller().sees(each.tenant()));
    if (profile.isEmpty()) {
      throw CatalogueRoutes.none("profile", name);
    }
    Tenancy.requireOwned(request.caller(), profile.get().tenant(), "profile '" + name + "'");
    return profile.get();
  }

  /** What shall become of a profile. */
  private interface Change {
    Wish wish(View view, ProfileDocument now, Order order, Asker asker) throws ApiException;
  }

  /** Plans what shall become of a profile, and does it unless it is only to be seen. */
  private Router.Handler changing(Change change) {
    return (request, parts) -> {
      Order order = order(request);
      return applying.apply(
          request,
          order.revision(),
          order.dryRun(),
          (view, planner, asker) -> {
            ProfileDocument now = profile(view, request, parts.get("name"));
            Wish wish = change.wish(view, now, order, asker);
            return planner.plan(wish.forced(order.force()), asker);
          });
    };
  }

  private static Wish apply(View view, ProfileDocument now, Order order, Asker asker)
      throws ApiException {
    ProfileDocument at = order.server().isEmpty() ? now : at(now, order.server(), order.guest());
    if (at.server().isEmpty()) {
      throw missing("'server' is missing");
    }
    boolean elsewhere = !now.server().isEmpty() && !place(now).equals(place(at));
    if (elsewhere) {
      throw new ApiException(
          ApiError.CONFLICT,
          "nothing is changed",
          "profile '%s' is applied to %s".formatted(now.name(), place(now)),
          "farslot profile move %s %s".formatted(now.name(), place(at)));
    }
    return Wish.of(List.of(at));
  }

  private static Wish move(View view, ProfileDocument now, Order order, Asker asker)
      throws ApiException {
    String to = order.server().isEmpty() ? candidate(view, now, asker) : order.server();
    return Wish.of(List.of(at(now, to, order.guest())));
  }

  /** Where it goes when nobody says it. */
  private static String candidate(View view, ProfileDocument profile, Asker asker)
      throws ApiException {
    return new FailOver(view.fabric(), new ViewFacts(view), new Absences(), asker.nowMs())
        .candidate(profile)
        .orElseThrow(
            () ->
                new ApiException(
                    ApiError.CONFLICT,
                    "nothing is changed",
                    "no candidate of profile '%s' is there and free".formatted(profile.name()),
                    "farslot profile move %s SERVER/GUEST".formatted(profile.name())));
  }

  private static Wish detach(View view, ProfileDocument now, Order order, Asker asker) {
    Set<String> released = order.release() ? Set.of(now.name()) : Set.of();
    return new Wish(List.of(now.at("", "")), Set.of(), released, false);
  }

  /** Puts back what the change of a profile that is under way has touched. */
  private ApiResponse cancel(ApiRequest request, Map<String, String> parts) throws ApiException {
    String name = parts.get("name");
    long nowMs = manager.options().clockMs().getAsLong();
    Transaction transaction =
        manager
            .engine()
            .ask(
                view -> {
                  Held<ChangeDocument> change = underWay(view, request, name);
                  try {
                    return new ChangeFollower(view.fabric(), new Absences(), new TreeMap<>(), nowMs)
                        .putBack(change, "cancelled by " + request.caller().name());
                  } catch (DocumentException e) {
                    throw new ApiException(
                        ApiError.FAILED, "nothing is changed", e.getMessage(), "");
                  }
                });
    if (!manager.commit(transaction).succeeded()) {
      throw new ApiException(
          ApiError.CONFLICT, "nothing is changed", "it has just ended", "farslot events");
    }
    return ApiResponse.ok(Json.object().put("profile", name).put("cancelled", true));
  }

  private static Held<ChangeDocument> underWay(View view, ApiRequest request, String name)
      throws ApiException {
    for (Held<ChangeDocument> each : view.fabric().all(ChangeDocument.class).values()) {
      if (each.document().profiles().contains(name)) {
        Optional<Held<ProfileDocument>> profile =
            view.fabric().get(Paths.profile(name), ProfileDocument.class);
        String tenant = profile.map(held -> held.document().tenant()).orElse("");
        if (!request.caller().sees(tenant)) {
          break;
        }
        Tenancy.requireOwned(request.caller(), tenant, "profile '" + name + "'");
        return each;
      }
    }
    throw new ApiException(
        ApiError.NOT_FOUND, "no change of profile '%s' is under way".formatted(name), "", "");
  }

  /** The profile at {@code SERVER}, or {@code SERVER/GUEST}. */
  private static ProfileDocument at(ProfileDocument profile, String server, String guest) {
    int slash = server.indexOf('/');
    return slash > 0 && guest.isEmpty()
        ? profile.at(server.substring(0, slash), server.substring(slash + 1))
        : profile.at(server, guest);
  }

  private static String place(ProfileDocument profile) {
    return WishCheck.place(profile);
  }

  private static ApiException missing(String what) {
    return new ApiException(ApiError.BAD_REQUEST, "the request is refused", what, "");
  }
}
