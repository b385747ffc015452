package farslot.manager.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who has a function, under which epoch, and how far that is.
 *
 * @param function {@code APPLIANCE/FUNCTION}
 * @param guest of that server; "" when its initiator hands out a socket
 * @param profile for whose slot it is; "" for none
 * @param slot of that profile; "" for none
 * @param tenant whose people asked for it; "" for everybody's
 * @param epoch higher than all before it: the appliance refuses lower ones
 * @param phase how far it is
 * @param terms what the server gets it with
 * @param leaving how it shall go; null while it shall stay
 * @param problem why the last wish could not be fulfilled, in words; "" for none
 */
public record AssignmentDocument(
    String function,
    String server,
    String guest,
    String profile,
    String slot,
    String tenant,
    long epoch,
    Phase phase,
    Terms terms,
    Leaving leaving,
    String problem)
    implements Document {
  /** An epoch has this many bits on the wire's longest field; one function never comes near. */
  private static final long EPOCH_MAX = Long.MAX_VALUE / 2;

  /** The life of an assignment. */
  public enum Phase {
    /** The server shall have it; the appliance has not said yet that it knows. */
    ASSIGNED,
    /** The appliance lets the server in, and nobody else. */
    GRANTED,
    /** The server has it, and its guest's driver is bound or may be. */
    ATTACHED,
    /** The server shall let go of it. */
    DRAINING,
    /** Nobody reaches it any more, once the appliance has said that it knows this epoch. */
    FENCED
  }

  public AssignmentDocument {
    guest = Objects.requireNonNullElse(guest, "");
    profile = Objects.requireNonNullElse(profile, "");
    slot = Objects.requireNonNullElse(slot, "");
    tenant = Objects.requireNonNullElse(tenant, "");
    terms = Objects.requireNonNullElse(terms, Terms.NONE);
    problem = Objects.requireNonNullElse(problem, "");
  }

  /** What can be asked for: a function for a server, or for one of its guests. */
  public static AssignmentDocument wanted(String function, String server, String guest) {
    return new AssignmentDocument(
        function, server, guest, "", "", "", 0, Phase.ASSIGNED, Terms.NONE, null, "");
  }

  public AssignmentDocument with(Terms next) {
    return new AssignmentDocument(
        function, server, guest, profile, slot, tenant, epoch, phase, next, leaving, problem);
  }

  public AssignmentDocument forProfile(String nextProfile, String nextSlot) {
    return new AssignmentDocument(
        function,
        server,
        guest,
        nextProfile,
        nextSlot,
        tenant,
        epoch,
        phase,
        terms,
        leaving,
        problem);
  }

  public AssignmentDocument ofTenant(String next) {
    return new AssignmentDocument(
        function, server, guest, profile, slot, next, epoch, phase, terms, leaving, problem);
  }

  AssignmentDocument in(Phase next, long nextEpoch, Leaving how, String why) {
    return new AssignmentDocument(
        function, server, guest, profile, slot, tenant, nextEpoch, next, terms, how, why);
  }

  AssignmentDocument at(String nextServer, String nextGuest) {
    return new AssignmentDocument(
        function,
        nextServer,
        nextGuest,
        profile,
        slot,
        tenant,
        epoch,
        phase,
        terms,
        leaving,
        problem);
  }

  /** Whether the server may have it now: neither on its way to it nor from it. */
  public boolean stays() {
    return phase != Phase.DRAINING && phase != Phase.FENCED;
  }

  /** How it shall go, if it shall. */
  public Optional<Leaving> leave() {
    return Optional.ofNullable(leaving);
  }

  /** {@code SERVER} or {@code SERVER/GUEST}, as people call who has it. */
  public String holder() {
    return guest.isEmpty() ? server : server + "/" + guest;
  }

  @Override
  public String key() {
    return Paths.assignment(function);
  }

  @Override
  public List<String> problems() {
    Check check =
        new Check()
            .function("function", function)
            .name("server", server)
            .nameOrNone("guest", guest)
            .nameOrNone("profile", profile)
            .nameOrNone("slot", slot)
            .nameOrNone("tenant", tenant)
            .that(
                epoch >= 1 && epoch <= EPOCH_MAX,
                "'epoch' should be 1 to %d, not %d".formatted(EPOCH_MAX, epoch))
            .that(phase != null, "'phase' is missing")
            .that(
                stays() == (leaving == null), "'leaving' should be there while it goes, only then")
            .text("problem", problem)
            .part("terms", terms.problems());
    return leaving == null
        ? check.problems()
        : check.part("leaving", leaving.problems()).problems();
  }
}
