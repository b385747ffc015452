package farslot.fuzz;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** All targets by name. */
final class Targets {
  private static final Map<String, Supplier<Target>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("frame", FrameTarget::new);
    ALL.put("discovery", DiscoveryTarget::new);
    ALL.put("seal", SealTarget::new);
    ALL.put("acceptor", AcceptorTarget::new);
    ALL.put("initiator", InitiatorTarget::new);
    ALL.put("tlp", TlpTarget::new);
    ALL.put("endpoint", EndpointTarget::usual);
    ALL.put("virtio", EndpointTarget::virtio);
    ALL.put("nic82599", EndpointTarget::nic82599);
    ALL.put("uart16550", EndpointTarget::uart16550);
    ALL.put("state", StateTarget::new);
    ALL.put("nettlp", NetTlpTarget::new);
    ALL.put("rootport", RootPortTarget::new);
    ALL.put("badcard", BadCardTarget::new);
    ALL.put("pcapng", PcapngTarget::new);
    ALL.put("conversation", ConversationTarget::new);
  }

  private Targets() {}

  static Iterable<String> names() {
    return ALL.keySet();
  }

  /**
   * The target of that name.
   *
   * @throws IllegalArgumentException when there is none
   */
  static Target of(String name) {
    Supplier<Target> target = ALL.get(name);
    if (target == null) {
      throw new IllegalArgumentException(
          "'" + name + "' is no fuzz target; there are " + String.join(", ", ALL.keySet()));
    }
    return target.get();
  }
}
