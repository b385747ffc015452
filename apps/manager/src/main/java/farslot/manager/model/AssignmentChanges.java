package farslot.manager.model;

import farslot.manager.model.AssignmentDocument.Phase;
import farslot.manager.model.ProfileDocument.Sanitise;
import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.Compare;
import farslot.store.KeyValue;
import farslot.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The steps of an assignment's life, as transactions that do nothing if anybody was faster:
 *
 * <pre>
 *   (none) --assign--> ASSIGNED --granted--> GRANTED --attached--> ATTACHED
 *   ASSIGNED, GRANTED, ATTACHED --drain--> DRAINING --fence--> FENCED
 *   DRAINING --stay--> GRANTED or ATTACHED
 *   FENCED --release--> (none), or --move--> ASSIGNED
 * </pre>
 *
 * A function's epoch has a key of its own, which is never deleted; every step that lets somebody
 * in, or shuts somebody out, raises it. So two servers never hold one epoch, whoever changes what
 * at the same time. It is a number of its own, rather than a revision of the store, so that it can
 * begin above what an appliance has seen already, and still can when the store had to be begun
 * anew.
 *
 * <p>{@code fence} is committed first and then told to the appliance; the next server is let in, by
 * {@code move} or {@code assign}, only when the appliance has confirmed it.
 */
public final class AssignmentChanges {
  private final long nowMs;
  private final String by;

  /**
   * @param nowMs the time of day, in milliseconds since 1970, for the events
   * @param by who asks for the changes; "" for the manager itself
   */
  public AssignmentChanges(long nowMs, String by) {
    this.nowMs = nowMs;
    this.by = by;
  }

  /** The highest epoch so far; 0 if there was none. */
  public static long epoch(Optional<KeyValue> epochKey) throws DocumentException {
    if (epochKey.isEmpty()) {
      return 0;
    }
    String text = epochKey.get().value().utf8();
    if (!text.matches("[1-9]\\d{0,17}")) {
      throw new DocumentException(epochKey.get().key(), "'" + text + "' is no epoch");
    }
    return Long.parseLong(text);
  }

  /**
   * Gives a function that nobody has to a server. What is in a profile's slot is given for that
   * profile only.
   *
   * @param wanted its epoch is not looked at
   * @param epochKey as it is now, {@link Paths#epoch}
   * @param applianceEpoch the highest that the appliance has seen
   */
  public Transaction assign(
      AssignmentDocument wanted, Optional<KeyValue> epochKey, long applianceEpoch)
      throws DocumentException {
    long epoch = Math.max(epoch(epochKey), applianceEpoch) + 1;
    AssignmentDocument next = wanted.in(Phase.ASSIGNED, epoch, null, "");
    String function = next.function();
    return transaction(
        List.of(
            Compare.absent(Paths.assignment(function)),
            Compare.absent(Paths.sanitise(function)),
            Compare.present(Paths.function(function)),
            Compare.present(Paths.server(next.server())),
            next.profile().isEmpty()
                ? Compare.absent(Paths.binding(function))
                : Compare.present(Paths.binding(function)),
            unchangedEpoch(function, epochKey)),
        next,
        "assigned",
        "assigned to " + owner(next));
  }

  /**
   * The appliance has shut out this epoch before it heard of it, so it gets another: an earlier
   * manager, whose store is no more, had come further.
   */
  public Transaction raise(
      Held<AssignmentDocument> now, Optional<KeyValue> epochKey, long applianceFloor)
      throws DocumentException {
    require(now, Phase.ASSIGNED);
    AssignmentDocument was = now.document();
    long epoch = Math.max(raised(was, epochKey), applianceFloor + 1);
    AssignmentDocument next = was.in(Phase.ASSIGNED, epoch, null, "");
    return transaction(
        List.of(unchanged(now), unchangedEpoch(was.function(), epochKey)),
        next,
        "raised",
        "assigned to %s with epoch %d, above all that its appliance has seen"
            .formatted(owner(next), epoch));
  }

  /** The appliance has said that it lets the server in. */
  public Transaction granted(Held<AssignmentDocument> now) throws DocumentException {
    require(now, Phase.ASSIGNED);
    AssignmentDocument was = now.document();
    AssignmentDocument next = was.in(Phase.GRANTED, was.epoch(), null, "");
    return step(now, next, "granted", "may be had by " + owner(next));
  }

  /** The server has it. */
  public Transaction attached(Held<AssignmentDocument> now) throws DocumentException {
    require(now, Phase.GRANTED);
    AssignmentDocument was = now.document();
    AssignmentDocument next = was.in(Phase.ATTACHED, was.epoch(), null, was.problem());
    return step(now, next, "attached", "attached by " + owner(next));
  }

  /** The server has it with other terms from now on. */
  public Transaction terms(Held<AssignmentDocument> now, Terms terms) throws DocumentException {
    AssignmentDocument next = now.document().with(terms);
    return step(now, next, "changed", "has other terms, with " + owner(next));
  }

  /** It stays where it is, for another slot of its profile or with other terms. */
  public Transaction changed(Held<AssignmentDocument> now, AssignmentDocument wanted)
      throws DocumentException {
    require(now, Phase.ASSIGNED, Phase.GRANTED, Phase.ATTACHED);
    AssignmentDocument next =
        now.document().with(wanted.terms()).forProfile(wanted.profile(), wanted.slot());
    return step(now, next, "changed", "has other terms at " + owner(next));
  }

  /** The server shall let go of it. */
  public Transaction drain(Held<AssignmentDocument> now, Leaving how) throws DocumentException {
    require(now, Phase.ASSIGNED, Phase.GRANTED, Phase.ATTACHED);
    AssignmentDocument was = now.document();
    AssignmentDocument next = was.in(Phase.DRAINING, was.epoch(), how, "");
    String message = how.forced() ? "taken by force from " : "to be let go by ";
    return step(now, next, "draining", message + owner(was) + towards(how));
  }

  /**
   * What was to leave in one way leaves in another: by force, or to somebody else. What has to be
   * done to it before anybody gets it is noted also when it is fenced already.
   */
  public Transaction redirect(Held<AssignmentDocument> now, Leaving how) throws DocumentException {
    require(now, Phase.DRAINING, Phase.FENCED);
    AssignmentDocument was = now.document();
    AssignmentDocument next = was.in(was.phase(), was.epoch(), how, was.problem());
    String message = how.forced() ? "taken by force from " : "still to be let go by ";
    Transaction redirected = step(now, next, "redirected", message + owner(was) + towards(how));
    boolean isNew = was.leaving().sanitise() == Sanitise.NONE;
    return was.phase() == Phase.FENCED && isNew ? sanitising(redirected, next) : redirected;
  }

  /**
   * It could not be let go, and stays where it is.
   *
   * @param attached whether the server says that it has it; otherwise it may have it
   * @param why for people
   */
  public Transaction stay(Held<AssignmentDocument> now, boolean attached, String why)
      throws DocumentException {
    require(now, Phase.DRAINING);
    AssignmentDocument was = now.document();
    Phase phase = attached ? Phase.ATTACHED : Phase.GRANTED;
    AssignmentDocument next = was.in(phase, was.epoch(), null, why);
    return step(now, next, "kept", "stays with " + owner(next) + ": " + why);
  }

  /**
   * Nobody reaches it any more, once the appliance has been told of the epoch that this makes. What
   * has to be done to it before anybody gets it is noted.
   */
  public Transaction fence(Held<AssignmentDocument> now, Optional<KeyValue> epochKey)
      throws DocumentException {
    require(now, Phase.DRAINING);
    AssignmentDocument was = now.document();
    String function = was.function();
    Leaving how = was.leaving();
    AssignmentDocument next = was.in(Phase.FENCED, raised(was, epochKey), how, "");
    Transaction fenced =
        transaction(
            List.of(unchanged(now), unchangedEpoch(function, epochKey)),
            next,
            "fenced",
            "taken from " + owner(was));
    return sanitising(fenced, next);
  }

  /** Notes what has to be done to it before anybody gets it, if anything has. */
  private static Transaction sanitising(Transaction step, AssignmentDocument next)
      throws DocumentException {
    Sanitise policy = next.leaving().sanitise();
    if (policy == Sanitise.NONE) {
      return step;
    }
    String job = policy.name().toLowerCase(Locale.ROOT) + "-" + next.epoch();
    List<Action> actions = new ArrayList<>(step.then());
    actions.add(put(new SanitiseDocument(next.function(), policy, job, owner(next))));
    return new Transaction(step.compares(), actions, List.of());
  }

  /** It has been sanitised: the next server may have it. */
  public Transaction sanitised(Held<SanitiseDocument> now) throws DocumentException {
    SanitiseDocument was = now.document();
    return Transaction.when(Compare.unchanged(was.key(), now.modRevision()))
        .then(
            Action.delete(was.key()),
            event("sanitised", was.function(), "sanitised (%s)".formatted(was.job())));
  }

  /** Somebody takes it upon himself that it has not been sanitised. */
  public Transaction skipSanitise(Held<SanitiseDocument> now) throws DocumentException {
    SanitiseDocument was = now.document();
    return Transaction.when(Compare.unchanged(was.key(), now.modRevision()))
        .then(
            Action.delete(was.key()),
            event(
                "sanitise-skipped",
                was.function(),
                "given free without being sanitised (%s)".formatted(was.job())));
  }

  /** Says whose a function is; nobody gets it, or lets go of it, meanwhile. */
  public Transaction own(Held<FunctionDocument> now, String tenant) throws DocumentException {
    FunctionDocument was = now.document();
    FunctionDocument next = was.ofTenant(tenant);
    String message = tenant.isEmpty() ? "is everybody's now" : "is tenant " + tenant + "'s now";
    return Transaction.when(Compare.unchanged(was.key(), now.modRevision()))
        .then(put(next), event("owned", was.path(), message));
  }

  /** Nobody has it any more. */
  public Transaction release(Held<AssignmentDocument> now) throws DocumentException {
    require(now, Phase.FENCED);
    AssignmentDocument was = now.document();
    return Transaction.when(unchanged(now))
        .then(
            Action.delete(was.key()),
            event("released", was.function(), "free again, after " + owner(was)));
  }

  /** The next server, as {@link Leaving} names it, may have it; with a higher epoch. */
  public Transaction move(Held<AssignmentDocument> now, Optional<KeyValue> epochKey)
      throws DocumentException {
    require(now, Phase.FENCED);
    AssignmentDocument was = now.document();
    Leaving how = was.leaving();
    if (!how.moves()) {
      throw new DocumentException(was.function(), "it shall be had by nobody next");
    }
    AssignmentDocument next =
        was.at(how.server(), how.guest()).in(Phase.ASSIGNED, raised(was, epochKey), null, "");
    return transaction(
        List.of(
            unchanged(now),
            Compare.absent(Paths.sanitise(was.function())),
            Compare.present(Paths.server(how.server())),
            unchangedEpoch(was.function(), epochKey)),
        next,
        "moved",
        "moved from " + owner(was) + " to " + owner(next));
  }

  private static long raised(AssignmentDocument was, Optional<KeyValue> epochKey)
      throws DocumentException {
    return Math.max(was.epoch(), epoch(epochKey)) + 1;
  }

  private Transaction step(
      Held<AssignmentDocument> now, AssignmentDocument next, String what, String message)
      throws DocumentException {
    List<Action> actions = List.of(put(next), event(what, next.function(), message));
    return new Transaction(List.of(unchanged(now)), actions, List.of());
  }

  /** With a new epoch. */
  private Transaction transaction(
      List<Compare> compares, AssignmentDocument next, String what, String message)
      throws DocumentException {
    Bytes epoch = Bytes.utf8(Long.toString(next.epoch()));
    List<Action> actions =
        List.of(
            put(next),
            Action.put(Paths.epoch(next.function()), epoch),
            event(what, next.function(), message));
    return new Transaction(compares, actions, List.of());
  }

  private static Action put(Document document) throws DocumentException {
    return Action.put(document.key(), Documents.write(document));
  }

  private Action event(String what, String function, String message) throws DocumentException {
    return put(new EventDocument(nowMs, what, function, by, function + ": " + message, Map.of()));
  }

  private static Compare unchanged(Held<AssignmentDocument> now) {
    return Compare.unchanged(now.document().key(), now.modRevision());
  }

  private static Compare unchangedEpoch(String function, Optional<KeyValue> epochKey) {
    return Compare.unchanged(Paths.epoch(function), epochKey.map(KeyValue::modRevision).orElse(0L));
  }

  private static String owner(AssignmentDocument assignment) {
    return assignment.holder();
  }

  private static String towards(Leaving how) {
    String guest = how.guest().isEmpty() ? "" : "/" + how.guest();
    return how.moves() ? ", for " + how.server() + guest : "";
  }

  private static void require(Held<AssignmentDocument> now, Phase... phases)
      throws DocumentException {
    Phase phase = now.document().phase();
    if (!List.of(phases).contains(phase)) {
      throw new DocumentException(
          now.document().function(),
          "it is %s, held by %s".formatted(name(phase), owner(now.document()))
              + "; this can be done when it is "
              + String.join(
                  " or ", List.of(phases).stream().map(AssignmentChanges::name).toList()));
    }
  }

  private static String name(Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }
}
