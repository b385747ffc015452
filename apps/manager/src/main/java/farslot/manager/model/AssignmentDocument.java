package farslot.manager.model;

import java.util.List;
import java.util.Objects;

/**
 * Who has a function, under which epoch, and how far that is.
 *
 * @param function {@code APPLIANCE/FUNCTION}
 * @param guest of that server; "" for a server without guests of its own
 * @param profile for whose slot it is; "" for none
 * @param epoch higher than all before it: the appliance refuses lower ones
 * @param phase how far it is
 * @param forced whether the server was asked before it was taken away
 */
public record AssignmentDocument(
    String function,
    String server,
    String guest,
    String profile,
    long epoch,
    Phase phase,
    boolean forced)
    implements Document {
  /** An epoch has this many bits on the wire's longest field; one function never comes near. */
  private static final long EPOCH_MAX = Long.MAX_VALUE / 2;

  /** The life of an assignment. */
  public enum Phase {
    /** The server may have it from now on. */
    ASSIGNED,
    /** The server has it, and its guest's driver is bound or may be. */
    ATTACHED,
    /** The server shall let go of it. */
    DRAINING,
    /** The appliance knows a higher epoch: nobody can reach it any more. */
    FENCED
  }

  public AssignmentDocument {
    guest = Objects.requireNonNullElse(guest, "");
    profile = Objects.requireNonNullElse(profile, "");
  }

  AssignmentDocument in(Phase next, long nextEpoch, boolean byForce) {
    return new AssignmentDocument(function, server, guest, profile, nextEpoch, next, byForce);
  }

  @Override
  public String key() {
    return Paths.assignment(function);
  }

  @Override
  public List<String> problems() {
    return new Check()
        .function("function", function)
        .name("server", server)
        .that(guest.isEmpty() || Check.isName(guest), "'guest' should be a name or \"\"")
        .that(profile.isEmpty() || Check.isName(profile), "'profile' should be a name or \"\"")
        .that(
            epoch >= 1 && epoch <= EPOCH_MAX,
            "'epoch' should be 1 to %d, not %d".formatted(EPOCH_MAX, epoch))
        .that(phase != null, "'phase' is missing")
        .problems();
  }
}
