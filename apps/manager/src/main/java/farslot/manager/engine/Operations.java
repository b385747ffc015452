package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Caller;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.HoldingReport;
import farslot.manager.access.Tenancy;
import farslot.manager.model.AssignmentChanges;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.BindingDocument;
import farslot.manager.model.DocumentException;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Leaving;
import farslot.manager.model.Paths;
import farslot.manager.model.SanitiseDocument;
import farslot.manager.model.Terms;
import farslot.store.Transaction;
import java.util.Optional;

/**
 * What people want of assignments: judged, refused in words or begun. The reconciler does the rest.
 */
final class Operations {
  /** So often is judged anew when somebody else was faster. */
  private static final int ATTEMPTS_MAX = 8;

  /** What begins it; none if it is begun already. */
  private record Plan(Optional<Transaction> transaction) {
    static final Plan NOTHING = new Plan(Optional.empty());

    static Plan of(Transaction transaction) {
      return new Plan(Optional.of(transaction));
    }
  }

  /** Judges a wish. */
  private interface Judge {
    Plan plan(View view, AssignmentChanges changes) throws ApiException, DocumentException;
  }

  private final Manager manager;

  Operations(Manager manager) {
    this.manager = manager;
  }

  private void begin(Caller caller, String path, Judge judge) throws ApiException {
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
      AssignmentChanges changes =
          new AssignmentChanges(manager.options().clockMs().getAsLong(), caller.name());
      Plan plan =
          manager
              .engine()
              .ask(
                  view -> {
                    try {
                      return judge.plan(view, changes);
                    } catch (DocumentException e) {
                      throw new ApiException(
                          ApiError.BAD_REQUEST, "the request is refused", e.getMessage(), "");
                    }
                  });
      if (plan.transaction().isEmpty() || manager.commit(plan.transaction().get()).succeeded()) {
        return;
      }
    }
    throw new ApiException(
        ApiError.CONFLICT,
        path + " is being changed by others",
        "each time that this was tried, somebody else was faster",
        "farslot describe " + path);
  }

  /** Begins to give a function that nobody has to a server. */
  void attach(Caller caller, String path, Wishes.Attach wish) throws ApiException {
    Wishes.Place place = wish.place();
    begin(
        caller,
        path,
        (view, changes) -> {
          Held<FunctionDocument> function = Sight.requireFunction(view, caller, path);
          Sight.requireServer(view, caller, place.server(), place.guest());
          requireRevision(view, function, wish.revision());
          Optional<Held<AssignmentDocument>> now = view.fabric().assignment(path);
          if (now.isPresent()) {
            return attachAgain(view, caller, now.get().document(), place);
          }
          requireFree(view, path);
          AssignmentDocument wanted =
              AssignmentDocument.wanted(path, place.server(), place.guest())
                  .with(wish.terms())
                  .ofTenant(caller.tenant());
          return Plan.of(
              changes.assign(wanted, view.fabric().epoch(path), applianceEpoch(view, path)));
        });
  }

  /** The highest that its appliance has seen, as far as it has said. */
  static long applianceEpoch(View view, String path) {
    return view.function(path)
        .map((FunctionReport each) -> Math.max(each.floor(), each.epoch()))
        .orElse(0L);
  }

  private static Plan attachAgain(
      View view, Caller caller, AssignmentDocument now, Wishes.Place place) throws ApiException {
    requireSeen(view, caller, now);
    boolean there = now.server().equals(place.server()) && now.guest().equals(place.guest());
    if (there && now.stays()) {
      return Plan.NOTHING;
    }
    String path = now.function();
    if (now.stays()) {
      throw new ApiException(
          ApiError.CONFLICT,
          "%s cannot be attached to %s".formatted(path, place),
          "it is held by " + now.holder(),
          "farslot move %s %s, or farslot detach %s".formatted(path, place, path));
    }
    throw new ApiException(
        ApiError.CONFLICT,
        "%s cannot be attached to %s".formatted(path, place),
        "it is just being taken from " + now.holder() + towards(now.leaving()),
        "farslot describe " + path);
  }

  private static String towards(Leaving leaving) {
    return leaving.moves() ? ", for " + new Wishes.Place(leaving.server(), leaving.guest()) : "";
  }

  private static void requireFree(View view, String path) throws ApiException {
    String problem = view.fabric().problems().get(Paths.assignment(path));
    if (problem != null) {
      throw new ApiException(
          ApiError.CONFLICT, path + " cannot be attached", problem, "update this manager");
    }
    Optional<Held<BindingDocument>> binding = view.fabric().binding(path);
    if (binding.isPresent()) {
      throw new ApiException(
          ApiError.CONFLICT,
          path + " cannot be attached",
          "it is kept for slot '%s' of profile '%s'"
              .formatted(binding.get().document().slot(), binding.get().document().profile()),
          "farslot describe profile " + binding.get().document().profile());
    }
    Optional<Held<SanitiseDocument>> sanitise =
        view.fabric().get(Paths.sanitise(path), SanitiseDocument.class);
    if (sanitise.isPresent()) {
      throw new ApiException(
          ApiError.CONFLICT,
          path + " cannot be attached yet",
          "it " + view.reconciler().sanitising(sanitise.get().document()),
          "farslot describe " + path);
    }
  }

  /** Begins to take a function from its server, or does so by other means. */
  void detach(Caller caller, String path, Wishes.Detach wish) throws ApiException {
    leave(caller, path, wish.revision(), "detached", now -> wish.leaving(now.terms()));
  }

  /** Begins to take a function from its server so that another gets it. */
  void move(Caller caller, String path, Wishes.Move wish) throws ApiException {
    Wishes.Place to = wish.place();
    manager.engine().ask(view -> Sight.requireServer(view, caller, to.server(), to.guest()));
    leave(caller, path, wish.revision(), "moved", now -> wish.leaving(now.terms()));
  }

  /** How an assignment shall end. */
  private interface How {
    Leaving of(AssignmentDocument now) throws ApiException;
  }

  private void leave(Caller caller, String path, long revision, String done, How how)
      throws ApiException {
    begin(
        caller,
        path,
        (view, changes) -> {
          Held<FunctionDocument> function = Sight.requireFunction(view, caller, path);
          requireRevision(view, function, revision);
          Held<AssignmentDocument> held =
              view.fabric().assignment(path).orElseThrow(() -> nobody(view, path, done));
          AssignmentDocument now = held.document();
          requireOwned(view, caller, now);
          requireNoProfile(now, done);
          Leaving leaving = how.of(now);
          if (isAt(now, leaving)) {
            return Plan.NOTHING;
          }
          if (!now.stays()) {
            return sameWay(now.leaving(), leaving)
                ? Plan.NOTHING
                : Plan.of(changes.redirect(held, leaving));
          }
          requireAskable(view, now, leaving, done);
          return Plan.of(changes.drain(held, leaving));
        });
  }

  private static boolean isAt(AssignmentDocument now, Leaving leaving) {
    return now.stays()
        && now.server().equals(leaving.server())
        && now.guest().equals(leaving.guest());
  }

  private static boolean sameWay(Leaving before, Leaving now) {
    return before.server().equals(now.server())
        && before.guest().equals(now.guest())
        && (before.forced() || !now.forced());
  }

  private static ApiException nobody(View view, String path, String done) {
    String problem = view.fabric().problems().get(Paths.assignment(path));
    return problem != null
        ? new ApiException(
            ApiError.CONFLICT, path + " is not " + done, problem, "update this manager")
        : new ApiException(
            ApiError.NOT_FOUND, path + " is attached nowhere", "", "farslot describe " + path);
  }

  /** Whoever has been given a socket cannot be asked to let go of what is behind it. */
  private static void requireAskable(
      View view, AssignmentDocument now, Leaving leaving, String done) throws ApiException {
    boolean inUse =
        now.guest().isEmpty() && view.holding(now).filter(HoldingReport::driverBound).isPresent();
    if (inUse && !leaving.forced()) {
      throw new ApiException(
          ApiError.CONFLICT,
          "%s is not %s".formatted(now.function(), done),
          "it is in use at %s, which was given a socket and cannot be asked"
              .formatted(now.server()),
          "stop what uses it there, or add --force");
    }
  }

  private static void requireSeen(View view, Caller caller, AssignmentDocument now)
      throws ApiException {
    if (!Sight.assignment(view, caller, now)) {
      throw new ApiException(
          ApiError.CONFLICT,
          now.function() + " is not available",
          "another tenant has it",
          "farslot list");
    }
  }

  private static void requireOwned(View view, Caller caller, AssignmentDocument now)
      throws ApiException {
    requireSeen(view, caller, now);
    Tenancy.requireOwned(caller, now.tenant(), "the assignment of " + now.function());
  }

  /** What a profile wants it gets again: so the profile is what has to be changed. */
  private static void requireNoProfile(AssignmentDocument now, String done) throws ApiException {
    if (!now.profile().isEmpty()) {
      throw new ApiException(
          ApiError.CONFLICT,
          "%s is not %s".formatted(now.function(), done),
          "it is in slot '%s' of profile '%s'".formatted(now.slot(), now.profile()),
          "change the profile: farslot describe profile " + now.profile());
    }
  }

  private static void requireRevision(View view, Held<FunctionDocument> function, long revision)
      throws ApiException {
    String path = function.document().path();
    long assigned = view.fabric().assignment(path).map(Held::modRevision).orElse(0L);
    long now = Shapes.revision(view, function);
    if (revision != 0 && revision != now && revision != assigned) {
      throw new ApiException(
          ApiError.CONFLICT,
          path + " has changed meanwhile",
          "it is at revision %d, not at %d".formatted(now, revision),
          "farslot describe " + path);
    }
  }

  /** Changes with what a server has a function, while it has it. */
  void terms(Caller caller, String path, Terms terms, long revision) throws ApiException {
    begin(
        caller,
        path,
        (view, changes) -> {
          Held<FunctionDocument> function = Sight.requireFunction(view, caller, path);
          requireRevision(view, function, revision);
          Held<AssignmentDocument> held =
              view.fabric().assignment(path).orElseThrow(() -> nobody(view, path, "changed"));
          requireOwned(view, caller, held.document());
          requireNoProfile(held.document(), "changed");
          return held.document().terms().equals(terms)
              ? Plan.NOTHING
              : Plan.of(changes.terms(held, terms));
        });
  }

  /** Says whose a function is. Who has it stays; nobody of another tenant may. */
  void own(Caller caller, String path, String tenant, long revision) throws ApiException {
    begin(
        caller,
        path,
        (view, changes) -> {
          Held<FunctionDocument> function = Sight.requireFunction(view, caller, path);
          requireRevision(view, function, revision);
          Optional<String> other =
              view.fabric()
                  .owner(path)
                  .filter(each -> !each.tenant().equals(tenant))
                  .map(AssignmentDocument::holder);
          if (other.isPresent() && !tenant.isEmpty()) {
            throw new ApiException(
                ApiError.CONFLICT,
                "%s is not given to tenant '%s'".formatted(path, tenant),
                "it is held by %s, which is not of that tenant".formatted(other.get()),
                "farslot detach " + path);
          }
          return function.document().tenant().equals(tenant)
              ? Plan.NOTHING
              : Plan.of(changes.own(function, tenant));
        });
  }

  /** Gives a function free although it has not been sanitised. */
  void skipSanitise(Caller caller, String path) throws ApiException {
    begin(
        caller,
        path,
        (view, changes) -> {
          Sight.requireFunction(view, caller, path);
          Held<SanitiseDocument> task =
              view.fabric()
                  .get(Paths.sanitise(path), SanitiseDocument.class)
                  .orElseThrow(
                      () ->
                          new ApiException(
                              ApiError.NOT_FOUND,
                              path + " does not wait to be sanitised",
                              "",
                              "farslot describe " + path));
          return Plan.of(changes.skipSanitise(task));
        });
  }
}
