package farslot.api.agent;

import farslot.api.Caller;
import java.util.Locale;

/** What speaks with the manager as an agent. */
public enum AgentKind {
  APPLIANCE(Caller.Kind.APPLIANCE),
  INITIATOR(Caller.Kind.INITIATOR);

  private final Caller.Kind caller;

  AgentKind(Caller.Kind caller) {
    this.caller = caller;
  }

  /** What it is as a caller. */
  public Caller.Kind caller() {
    return caller;
  }

  /** As it stands in paths: {@code appliance}, {@code initiator}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
