package farslot.initiator;

import farslot.carrier.LinkDriver;
import farslot.carrier.RailAddress;
import farslot.carrier.RailSecurity;
import farslot.control.Paths;
import farslot.fabric.PortOptions;
import farslot.function.Agent;
import farslot.link.Dialer;
import farslot.link.LinkConfig;
import farslot.link.LinkCounters;
import farslot.link.LinkEvent;
import farslot.link.LinkInitiator;
import farslot.link.LinkListener;
import farslot.link.LinkSession;
import farslot.linux.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * One appliance as a server sees it: the session with it, the ways to it, and the functions that
 * are asked of it. On the data thread only, once that runs.
 */
final class ApplianceLink {
  private final EventLoop loop;
  private final Agent agent;
  private final LinkListener listener;
  private final Ways ways;
  private final LinkInitiator link;
  private final LinkDriver driver;
  private final List<Assignment> assignments = new ArrayList<>();

  /**
   * @param appliance to whom all ways must lead, by the name that it shows; "" for whoever answers
   * @param around what is put around each dialer
   * @param security with it, only rails that it protects are made
   * @param listener told of all that happens on the link
   */
  ApplianceLink(
      EventLoop loop,
      Agent agent,
      LinkConfig config,
      String appliance,
      List<RailAddress> addresses,
      UnaryOperator<Dialer> around,
      Optional<RailSecurity> security,
      RandomGenerator random,
      LinkListener listener) {
    this.loop = loop;
    this.agent = agent;
    this.listener = listener;
    ways = new Ways(loop, around, security, addresses);
    link = new LinkInitiator(config, ways.dialers(), this::onEvent, random);
    link.expect(appliance);
    driver = new LinkDriver(loop, link);
  }

  /** Begins to connect. */
  void start() {
    link.start(loop.nowNs());
  }

  /** Uses these ways, and no others. */
  void addresses(List<RailAddress> wanted) {
    ways.change(link, wanted);
  }

  /** Asks for a function from now on, until it is let go of. */
  Assignment hold(
      InitiatorConfig.Function function,
      Terms terms,
      PortOptions options,
      Front.Factory fronts,
      HoldingWatcher watcher) {
    Assignment assignment = new Assignment(function, terms, options, agent, link, fronts, watcher);
    assignments.add(assignment);
    assignment.ask(); // Waits for a session, if there is none.
    return assignment;
  }

  /** Gives a function back. */
  void letGo(Assignment assignment, String cause) {
    assignments.remove(assignment);
    assignment.letGo(cause);
  }

  boolean isIdle() {
    return assignments.isEmpty();
  }

  /** Says goodbye, after what the functions gave back. */
  void close(String cause) {
    long nowNs = loop.nowNs();
    link.flush(nowNs);
    link.close(cause, nowNs);
    link.flush(nowNs);
    driver.close();
  }

  Optional<LinkSession> session() {
    return link.session();
  }

  Paths paths() {
    return ways.of(link);
  }

  LinkCounters counters() {
    return link.counters();
  }

  Map<String, Long> carrierCounters() {
    return ways.ethernetCounters().snapshot();
  }

  private void onEvent(LinkEvent event) {
    listener.onEvent(event);
    if (event instanceof LinkEvent.SessionUp) {
      assignments.forEach(Assignment::ask);
    }
  }
}
