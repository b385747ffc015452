package farslot.manager.access;

import farslot.api.Role;
import java.util.Objects;

/**
 * Somebody with a certificate.
 *
 * @param kind {@code user}, {@code appliance} or {@code initiator}
 * @param role of a user; agents have none, and may do what is theirs
 * @param tenant whose things alone it sees, or whose server it is; "" for all, or nobody's
 */
public record Member(String kind, String name, Role role, String tenant) {
  public Member {
    role = Objects.requireNonNullElse(role, Role.NONE);
    tenant = Objects.requireNonNullElse(tenant, "");
  }

  String id() {
    return kind + "/" + name;
  }
}
