package farslot.api.agent;

/** What an agent tells of itself, as a whole. */
public sealed interface Report permits ApplianceReport, InitiatorReport {
  AgentKind kind();

  /** The agent's name: an appliance's, or a server's. */
  String name();

  /** Another one after each start of the agent's process. */
  String instance();
}
