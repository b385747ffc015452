package farslot.api;

import java.util.Objects;

/**
 * Who asks.
 *
 * @param kind how it is known who that is
 * @param name of the user or agent; "" for {@link Kind#ANONYMOUS}
 * @param role what it may do with the fabric; agents may do what is theirs besides
 * @param tenant whose functions alone it sees; "" for all
 * @param from where it comes from, for the audit log: an address, or the control socket
 */
public record Caller(Kind kind, String name, Role role, String tenant, String from) {
  /** How it is known who asks. */
  public enum Kind {
    /** The owner of the manager's process, by the permissions of its control socket. */
    LOCAL,
    /** A person or program with a certificate. */
    USER,
    /** An appliance with a certificate. */
    APPLIANCE,
    /** An initiator with a certificate. */
    INITIATOR,
    /** Anybody. */
    ANONYMOUS
  }

  /** The owner of the manager's process. */
  public static final Caller LOCAL =
      new Caller(Kind.LOCAL, "local", Role.ADMIN, "", "control socket");

  public Caller {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(role);
  }

  /** Whether it speaks for this agent: it is it, or it owns the manager's process. */
  public boolean isAgent(Kind agent, String agentName) {
    return kind == Kind.LOCAL || (kind == agent && name.equals(agentName));
  }

  /** Whether it may see what belongs to a tenant; "" belongs to everybody. */
  public boolean sees(String owner) {
    return tenant.isEmpty() || owner.isEmpty() || tenant.equals(owner);
  }
}
