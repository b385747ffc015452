package farslot.manager.profiles;

/** What is known beyond documents: what agents have told. */
public interface Facts {
  /** Whether an appliance keeps its lease. */
  boolean applianceThere(String appliance);

  /** Whether a server's initiator keeps its lease. */
  boolean serverThere(String server);

  /** Whether profiles of a tenant may be applied to a server. */
  boolean serverFor(String tenant, String server);

  /**
   * Whether a function can be used, as its appliance told last.
   *
   * @param function {@code APPLIANCE/FUNCTION}
   */
  boolean present(String function);

  /** Whether an appliance that is there has told that it has no such function to be used. */
  boolean gone(String function);

  /**
   * Whether whoever has the function says that it works. It may while its appliance is silent:
   * nothing that works is taken away only because the manager does not hear of it.
   */
  boolean works(String function);

  /**
   * Whether a function is lost together with its appliance: that is silent, and nobody says that
   * the function works.
   */
  default boolean silent(String function) {
    return !applianceThere(Choice.appliance(function)) && !works(function);
  }

  /** The highest epoch that its appliance has told of; 0 if it told of none. */
  long epoch(String function);
}
