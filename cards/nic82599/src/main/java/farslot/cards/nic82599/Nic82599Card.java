package farslot.cards.nic82599;

import farslot.cards.nic82599.bridge.Bridge;
import farslot.cards.nic82599.bridge.PortPolicy;
import farslot.function.Card;
import farslot.function.CardSlot;
import farslot.function.EthernetPort;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** The card: a switch with an uplink, and virtual functions, which are its ports. */
final class Nic82599Card implements Card {
  private static final String FUNCTION = "vf";

  private final List<PortPolicy> policies;
  private final Optional<EthernetPort> uplink;
  private Bridge bridge;

  Nic82599Card(List<PortPolicy> policies, Optional<EthernetPort> uplink) {
    this.policies = policies;
    this.uplink = uplink;
  }

  @Override
  public List<String> functions() {
    return IntStream.range(0, policies.size()).mapToObj(i -> FUNCTION + i).toList();
  }

  @Override
  public void insert(CardSlot slot) {
    long anyMac = UUID.randomUUID().getLeastSignificantBits();
    bridge = new Bridge(policies, uplink, anyMac, slot::nowNs);
    for (int i = 0; i < policies.size(); i++) {
      slot.present(FUNCTION + i, new VirtualFunction(bridge.port(i)));
    }
  }

  @Override
  public void remove() {
    if (bridge != null) {
      bridge.close();
    } else {
      uplink.ifPresent(EthernetPort::close); // never inserted
    }
  }
}
