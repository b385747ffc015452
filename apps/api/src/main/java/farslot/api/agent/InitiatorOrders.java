package farslot.api.agent;

import java.util.List;

/**
 * What a server shall have. What it has and is not named here it shall let go of at once, without
 * asking: nobody waits for it any more.
 *
 * @param revoked serial numbers of certificates, in hex, that are not taken any more
 */
public record InitiatorOrders(long revision, List<HoldingOrder> holdings, List<String> revoked)
    implements Orders {
  public InitiatorOrders {
    holdings = holdings == null ? List.of() : List.copyOf(holdings);
    revoked = revoked == null ? List.of() : List.copyOf(revoked);
  }
}
