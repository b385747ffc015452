package farslot.cards.nic82599;

import farslot.cards.nic82599.bridge.Bridge;
import farslot.cards.nic82599.bridge.PortPolicy;
import farslot.function.BackEnds;
import farslot.function.Card;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardProvider;
import farslot.function.EthernetPort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Makes network cards whose virtual functions are lent. */
public final class Nic82599Provider implements CardProvider {
  @Override
  public String kind() {
    return "nic82599";
  }

  @Override
  public String summary() {
    return "10 Gb Ethernet shared by virtual functions (8086:10ed): ixgbevf in Linux, FreeBSD's ixv";
  }

  @Override
  public Card create(CardConfig config, BackEnds backEnds) throws CardConfigException {
    List<PortPolicy> policies = policies(config);
    boolean hasUplink = config.has("uplink");
    config.finish();
    Optional<EthernetPort> uplink = Optional.empty();
    if (hasUplink) {
      CardConfig section = config.section("uplink");
      uplink = Optional.of(backEnds.ethernet(section));
    }
    return new Nic82599Card(policies, uplink);
  }

  private static List<PortPolicy> policies(CardConfig config) throws CardConfigException {
    if (!config.isList("functions")) {
      int count = (int) config.number("functions", 1, 1, Bridge.PORTS_MAX);
      return Collections.nCopies(count, PortPolicy.usual());
    }
    List<PortPolicy> policies = new ArrayList<>();
    List<CardConfig> entries = config.list("functions");
    if (entries.isEmpty() || entries.size() > Bridge.PORTS_MAX) {
      throw config.wrong("functions", "a list of 1 to " + Bridge.PORTS_MAX + ", or their number");
    }
    for (CardConfig entry : entries) {
      PortPolicy policy = PortPolicy.read(entry);
      entry.finish();
      if (policies.stream().anyMatch(policy::clashesWith)) {
        throw entry.wrong("mac", "another one: a port before it has it in the same VLAN");
      }
      policies.add(policy);
    }
    return policies;
  }
}
