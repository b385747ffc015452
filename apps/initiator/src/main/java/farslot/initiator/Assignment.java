package farslot.initiator;

import farslot.api.agent.Load;
import farslot.fabric.PortOptions;
import farslot.fabric.PortWatcher;
import farslot.fabric.ReadLatency;
import farslot.fabric.RootPort;
import farslot.function.Agent;
import farslot.link.AttachListener;
import farslot.link.AttachRefusal;
import farslot.link.Credits;
import farslot.link.FunctionIdentity;
import farslot.link.LinkInitiator;
import farslot.link.LinkStream;
import farslot.link.Qos;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One function that this server wants: asks for it, keeps asking while it is refused, brings it up
 * behind a root port, offers it, and asks again when it was lost. On the data thread only.
 */
final class Assignment implements Holding, AttachListener, PortWatcher {
  private static final Logger LOG = System.getLogger("farslot.initiator");

  /** Pause before a function that was refused or lost is asked for again; doubles each time. */
  private static final long RETRY_NS = 500_000_000L;

  /** Longest such pause. */
  private static final long RETRY_NS_MAX = 5_000_000_000L;

  private final InitiatorConfig.Function function;
  private final String name;
  private final Terms terms;
  private final LinkInitiator link;
  private final Front.Factory fronts;
  private final HoldingWatcher watcher;
  private final RootPort port;
  private final Agent.Timer retry;
  private volatile Front front;
  private LinkStream stream;
  private Qos qos;

  /** What streams before this one have carried, bytes. */
  private long carriedDown;

  private long carriedUp;
  private boolean asking;
  private boolean closed;
  private String lastRefusal = "";
  private long pauseNs = RETRY_NS;

  Assignment(
      InitiatorConfig.Function function,
      Terms terms,
      PortOptions options,
      Agent agent,
      LinkInitiator link,
      Front.Factory fronts,
      HoldingWatcher watcher) {
    this.function = function;
    this.name = function.name();
    this.terms = terms;
    this.qos = function.qos();
    this.link = link;
    this.fronts = fronts;
    this.watcher = watcher;
    this.port = new RootPort(name, agent, options, this);
    this.retry = agent.timer(this::ask);
  }

  @Override
  public String name() {
    return name;
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
  public Load load() {
    long sent = carriedDown + (stream == null ? 0 : stream.bytesSent());
    long received = carriedUp + (stream == null ? 0 : stream.bytesReceived());
    long delayedNs = stream == null ? 0 : stream.qosStatus().delayedNs();
    ReadLatency latency = port.readLatency();
    long p50Ns = latency.percentileNs(50);
    return new Load(sent, received, 0, 0, 0, delayedNs, p50Ns, latency.percentileNs(99));
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("function", name);
    facts.put("state", port.present() ? "present" : port.attached() ? "attached" : "absent");
    facts.put("offered", offered());
    if (!port.attached() && !lastRefusal.isEmpty()) {
      facts.put("refused", lastRefusal);
    }
    facts.putAll(Guides.facts(function, port));
    return facts;
  }

  /** Asks for the function, if there is a session and it is not asked for already. */
  void ask() {
    if (!closed && !asking && !port.attached() && link.session().isPresent()) {
      asking = true;
      link.attach(terms.exported(), terms.epoch(), Credits.DEFAULT, port, this);
    }
  }

  /** What is sent to the function, from now on. */
  void qos(Qos qos) {
    this.qos = qos;
    if (stream != null) {
      stream.qos(qos);
    }
  }

  @Override
  public void onAttached(LinkStream stream, FunctionIdentity identity) {
    asking = false;
    if (this.stream != null) {
      carriedDown += this.stream.bytesSent();
      carriedUp += this.stream.bytesReceived();
    }
    this.stream = stream;
    stream.qos(qos);
    lastRefusal = "";
    LOG.log(
        Level.INFO,
        "{0}: {1} attached with epoch {2}",
        name,
        identity,
        String.valueOf(stream.epoch()));
    if (closed) {
      stream.detach("not wanted any more");
    } else {
      port.attach(stream);
    }
  }

  @Override
  public void onRefused(AttachRefusal code, String holder, String text) {
    asking = false;
    if (code == AttachRefusal.NO_SESSION) {
      return; // Asked again when there is one.
    }
    String refusal = holder.isEmpty() ? text : text + " (holder: " + holder + ")";
    if (!refusal.equals(lastRefusal)) {
      LOG.log(Level.WARNING, "{0}: refused: {1}; asking again until it is granted", name, refusal);
      lastRefusal = refusal;
    }
    watcher.onRefused(refusal);
    askLater();
  }

  private void askLater() {
    retry.arm(pauseNs);
    pauseNs = Math.min(2 * pauseNs, RETRY_NS_MAX);
  }

  @Override
  public void onPresent(RootPort which) {
    pauseNs = RETRY_NS;
    if (front == null) {
      try {
        front = fronts.open(port, function);
      } catch (IOException e) {
        LOG.log(Level.ERROR, "{0}: given up, cannot be offered: {1}", name, e.getMessage());
        closed = true; // What is in the way will not go by itself.
        port.detach("the server side cannot be offered");
        watcher.onFailed(e.getMessage());
        return;
      }
    } else {
      LOG.log(Level.INFO, "{0}: the card is back", name);
    }
    watcher.onPresent();
  }

  @Override
  public void onAbsent(RootPort which, String cause) {
    if (!closed) {
      LOG.log(Level.WARNING, "{0}: the card is gone: {1}", name, cause);
      tellCounts();
      askLater();
      watcher.onAbsent(cause);
    }
  }

  @Override
  public void onGuideFailed(RootPort which, String guide, Throwable cause) {
    LOG.log(Level.ERROR, name + ": its guide failed and is not asked again: " + guide, cause);
  }

  /** What a well-behaved card and network would not have caused. */
  private void tellCounts() {
    if (!port.counts().isEmpty()) {
      LOG.log(Level.INFO, "{0}: counted so far: {1}", name, port.counts());
    }
  }

  /** Gives the function back. A guest that still has it sees a card that was pulled. */
  void letGo(String cause) {
    end(Front::retire, cause);
  }

  @Override
  public void close(String cause) {
    end(Front::close, cause);
  }

  private void end(Consumer<Front> how, String cause) {
    closed = true;
    retry.cancel();
    tellCounts();
    if (front != null) {
      how.accept(front);
      front = null;
    }
    port.detach(cause);
  }
}
