package farslot.manager.profiles;

import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Leaving;
import farslot.manager.model.ProfileDocument.Sanitise;
import java.util.Optional;

/** What has to be done to one assignment, so that it is as a profile wants it. */
sealed interface Due {
  /** Nobody has the function: it is to be given to the profile's server. */
  record Attach(AssignmentDocument wanted) implements Due {}

  /** The profile's server has to let go of it. */
  record Detach(Held<AssignmentDocument> now, Sanitise sanitise) implements Due {}

  /** Another server, or another guest, gets it. */
  record Move(Held<AssignmentDocument> now, AssignmentDocument wanted) implements Due {}

  /** It changes in a way that its guest has to see: it goes, and comes again. */
  record Renew(Held<AssignmentDocument> now, AssignmentDocument wanted) implements Due {}

  /** It changes where it is, and its guest does not notice. */
  record Change(Held<AssignmentDocument> now, AssignmentDocument wanted) implements Due {}

  /** It was to go, and shall stay after all: its server has not let go of it yet. */
  record Stay(Held<AssignmentDocument> now) implements Due {}

  /** It is on its way, and that is all right. */
  record UnderWay(Held<AssignmentDocument> now) implements Due {}

  /** Somebody else has it, without the profile. */
  record Taken(Held<AssignmentDocument> now) implements Due {}

  /** What lies between how it is and how it is wanted; nothing if it is so. */
  static Optional<Due> between(Optional<Held<AssignmentDocument>> held, AssignmentDocument wanted) {
    if (held.isEmpty()) {
      return Optional.of(new Attach(wanted));
    }
    Held<AssignmentDocument> now = held.get();
    AssignmentDocument is = now.document();
    if (!is.profile().equals(wanted.profile())) {
      return Optional.of(is.stays() ? new Taken(now) : new UnderWay(now));
    }
    boolean sameIdentity = is.terms().identity().equals(wanted.terms().identity());
    if (!is.stays()) {
      return Optional.of(leaving(now, wanted, sameIdentity));
    }
    if (!is.holder().equals(wanted.holder())) {
      return Optional.of(sameIdentity ? new Move(now, wanted) : new Renew(now, wanted));
    }
    if (!sameIdentity) {
      return Optional.of(new Renew(now, wanted));
    }
    boolean same = is.terms().equals(wanted.terms()) && is.slot().equals(wanted.slot());
    return same ? Optional.empty() : Optional.of(new Change(now, wanted));
  }

  /** It goes already; is it to where it is wanted, or free, so that it can be had again? */
  private static Due leaving(
      Held<AssignmentDocument> now, AssignmentDocument wanted, boolean sameIdentity) {
    AssignmentDocument is = now.document();
    boolean here = sameIdentity && is.holder().equals(wanted.holder());
    if (here && is.phase() == AssignmentDocument.Phase.DRAINING) {
      return new Stay(now);
    }
    Leaving how = is.leaving();
    boolean there =
        !how.moves()
            || (sameIdentity
                && how.server().equals(wanted.server())
                && how.guest().equals(wanted.guest()));
    return there ? new UnderWay(now) : new Move(now, wanted);
  }

  /**
   * What is to be done with an assignment that no profile wants any more.
   *
   * @param kept whether the function stays in its profile's slot, with all that is on it
   */
  static Optional<Due> end(Held<AssignmentDocument> now, boolean kept) {
    AssignmentDocument is = now.document();
    Sanitise sanitise = kept ? Sanitise.NONE : is.terms().sanitise();
    if (is.stays() || is.leaving().moves() || is.leaving().sanitise() != sanitise) {
      return Optional.of(new Detach(now, sanitise));
    }
    return Optional.of(new UnderWay(now));
  }
}
