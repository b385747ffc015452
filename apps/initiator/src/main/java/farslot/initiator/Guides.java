package farslot.initiator;

import farslot.fabric.RootPort;
import farslot.function.GuideProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** The DMA guides that there are, and what they do. */
final class Guides {
  private final List<GuideProvider> providers = new ArrayList<>();

  Guides() {
    ServiceLoader.load(GuideProvider.class).forEach(providers::add);
  }

  /** Those that may serve a function. */
  List<GuideProvider> of(InitiatorConfig.Function function) {
    return function.guided() ? providers : List.of();
  }

  /** For the status: which guide serves, and what need not cross the wire. */
  static Map<String, Object> facts(InitiatorConfig.Function function, RootPort port) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("guide", function.guided() ? port.guide().orElse("none") : "off");
    if (port.guide().isPresent()) {
      facts.put("guided", port.guideCounts());
    }
    facts.put("answered-here", port.localCounts());
    return facts;
  }
}
