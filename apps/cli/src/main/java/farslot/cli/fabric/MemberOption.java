package farslot.cli.fabric;

import farslot.api.Json;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** What a member may do, and whose things it sees. */
public final class MemberOption {
  @Option(names = "--role", paramLabel = "ROLE", description = "viewer, operator, admin or none.")
  private String role;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description =
          "Whose things alone a user sees, or whose a server or appliance is; \"\" for all.")
  private String tenant;

  /** Whether neither was said. */
  boolean isEmpty() {
    return role == null && tenant == null;
  }

  /** As a request has it: what was not said stays as it is. */
  ObjectNode body() {
    ObjectNode body = Json.object();
    if (role != null) {
      body.put("role", role);
    }
    if (tenant != null) {
      body.put("tenant", tenant);
    }
    return body;
  }
}
