package farslot.api.agent;

import java.util.List;

/**
 * Who may have an appliance's functions. A function that is not named here may be had by nobody,
 * and what was ordered for it before is void but for its floor.
 *
 * @param revoked serial numbers of certificates, in hex, that are not taken any more
 */
public record ApplianceOrders(long revision, List<FunctionOrder> functions, List<String> revoked)
    implements Orders {
  public ApplianceOrders {
    functions = functions == null ? List.of() : List.copyOf(functions);
    revoked = revoked == null ? List.of() : List.copyOf(revoked);
  }
}
