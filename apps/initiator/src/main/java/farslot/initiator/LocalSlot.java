package farslot.initiator;

import farslot.fabric.LocalStream;
import farslot.fabric.PortOptions;
import farslot.fabric.PortWatcher;
import farslot.fabric.RootPort;
import farslot.function.Agent;
import farslot.function.PciFunction;
import farslot.function.endpoint.FunctionEndpoint;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A card that the initiator houses itself, without an appliance: for cards whose back end is beside
 * the server anyway. Between card and root port there is everything that there is for a far card,
 * but the link.
 */
final class LocalSlot implements Holding, PortWatcher {
  private static final Logger LOG = System.getLogger("farslot.initiator");

  /** Pause before a card that was lost is brought up again. */
  private static final long RETRY_NS = 500_000_000L;

  private final InitiatorConfig.Function function;
  private final Agent agent;
  private final Front.Factory fronts;
  private final HoldingWatcher watcher;
  private final PciFunction card;
  private final FunctionEndpoint endpoint;
  private final RootPort port;
  private final Agent.Timer retry;
  private volatile Front front;
  private boolean closed;

  LocalSlot(
      InitiatorConfig.Function function,
      PciFunction card,
      PortOptions options,
      Agent agent,
      Front.Factory fronts,
      HoldingWatcher watcher) {
    this.function = function;
    this.card = card;
    this.agent = agent;
    this.fronts = fronts;
    this.watcher = watcher;
    endpoint = new FunctionEndpoint(card, agent);
    port = new RootPort(function.name(), agent, options, this);
    retry = agent.timer(this::begin);
  }

  /** Brings the card up. */
  void begin() {
    if (!closed) {
      port.attach(new LocalStream(agent, port, endpoint));
    }
  }

  @Override
  public String name() {
    return function.name();
  }

  @Override
  public RootPort port() {
    return port;
  }

  @Override
  public boolean offered() {
    return front != null;
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("function", function.name());
    facts.put("state", port.present() ? "present" : port.attached() ? "attached" : "absent");
    facts.put("offered", offered());
    facts.put("housed", "here");
    if (!card.counts().isEmpty()) {
      facts.put("counted", card.counts());
    }
    if (!port.counts().isEmpty()) {
      facts.put("refused", port.counts());
    }
    return facts;
  }

  @Override
  public void onPresent(RootPort which) {
    if (front == null) {
      try {
        front = fronts.open(port, function);
      } catch (IOException e) {
        LOG.log(Level.ERROR, "{0}: given up, cannot be offered: {1}", port.name(), e.getMessage());
        closed = true;
        port.detach("the server side cannot be offered");
        watcher.onFailed(e.getMessage());
        return;
      }
    }
    watcher.onPresent();
  }

  @Override
  public void onAbsent(RootPort which, String cause) {
    if (!closed) {
      LOG.log(Level.WARNING, "{0}: the card is gone: {1}", port.name(), cause);
      retry.arm(RETRY_NS);
    }
    watcher.onAbsent(cause);
  }

  @Override
  public void close(String cause) {
    closed = true;
    retry.cancel();
    if (front != null) {
      front.close();
      front = null;
    }
    port.detach(cause);
    endpoint.unplug();
  }
}
