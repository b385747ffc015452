package farslot.function.faults;

import farslot.function.Agent;
import farslot.function.endpoint.EndpointProbe;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpOut;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stands between a function's endpoint and the streams that lead to servers, and makes go wrong
 * what it is told to: any card becomes a bad one, and no card knows. While no fault is set it only
 * passes on what arrives; what the card sends does not even come by.
 *
 * <p>What a card does is its own business: it executes every request that reaches it, and faults
 * concern what becomes of its answers, its DMA and its interrupts, or of what is on the way to it.
 * All calls on the function's agent thread.
 */
public final class FaultInjector implements TlpIn {
  /** Faults of one function at a time, those that are over included. */
  public static final int FAULTS_MAX = 64;

  /** Where the function is: takes it away and gives it back, and hears that its link is gone. */
  public interface Presence {
    /** Now; not from inside a TLP. */
    void away(String cause);

    void back();

    /** The stream that the function was connected to is gone for good; it is disconnected. */
    default void down() {}
  }

  /**
   * How often it is looked whether the last that suffers from a fault has gone by, and how long.
   */
  private static final long LINGER_NS = 10_000_000;

  private static final int LINGER_COUNT_MAX = 1000;

  private final FunctionEndpoint endpoint;
  private final EndpointProbe probe;
  private final Agent agent;
  private final Presence presence;
  private final List<ActiveFault> faults = new ArrayList<>();
  private final List<Flood> floods = new ArrayList<>();
  private final FaultyOut out;
  private final Judge judge;
  private final Runnable refresh = this::refresh;
  private final Runnable takeAway = this::takeAway;
  private final Agent.Timer timer;
  private TlpOut link;
  private int lastId;
  private boolean active;
  private boolean routed;
  private boolean stale;
  private boolean away;
  private int lingered;

  /** Stands before an endpoint that is not connected. */
  public FaultInjector(FunctionEndpoint endpoint, Agent agent, Presence presence) {
    this.endpoint = endpoint;
    probe = endpoint.probe();
    this.agent = agent;
    this.presence = presence;
    judge = new Judge(endpoint, probe, agent, this::strike);
    out = new FaultyOut(agent, judge::outgoing, endpoint::onRoom);
    timer = agent.timer(refresh);
  }

  // The stream.

  /** As {@link FunctionEndpoint#connect}. */
  public void connect(TlpOut to) {
    link = to;
    routed = false;
    out.connect(to);
    judge.forget();
    endpoint.connect(to);
    refresh();
  }

  /** As {@link FunctionEndpoint#disconnect}. */
  public void disconnect() {
    link = null;
    routed = false;
    out.connect(null);
    judge.forget();
    endpoint.disconnect();
  }

  /** As {@link FunctionEndpoint#unplug}; the faults are gone with the card. */
  public void unplug() {
    disconnect();
    floods.forEach(Flood::stop);
    floods.clear();
    faults.clear();
    timer.cancel();
    endpoint.unplug();
  }

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    if (active) {
      judge.incoming(segment, offset, tlpBytes);
    } else {
      endpoint.onTlp(segment, offset, tlpBytes);
    }
  }

  @Override
  public void onRoom() {
    if (routed) {
      out.drain();
      settle();
    }
    endpoint.onRoom();
  }

  @Override
  public void onHotReset() {
    out.forget();
    judge.forget();
    endpoint.onHotReset();
  }

  @Override
  public void onDown() {
    disconnect();
    presence.down();
  }

  @Override
  public void onPush(long address, MemorySegment segment, long offset, int bytes, boolean steady) {
    if (routed) {
      // What waits here the server cannot have answered to: these bytes may be too old.
      endpoint.onStalePush(address, bytes);
    } else {
      endpoint.onPush(address, segment, offset, bytes, steady);
    }
  }

  @Override
  public void onStalePush(long address, int bytes) {
    endpoint.onStalePush(address, bytes);
  }

  @Override
  public void onRevoke() {
    endpoint.onRevoke();
  }

  // Faults.

  /**
   * Sets a fault.
   *
   * @return by which it can be cleared
   * @throws IllegalStateException when there are {@link #FAULTS_MAX}
   */
  public int set(Fault fault) {
    if (faults.size() == FAULTS_MAX) {
      throw new IllegalStateException(
          "this function has " + FAULTS_MAX + " faults, and no more are kept: clear some first");
    }
    long nowNs = agent.nowNs();
    boolean lasts = fault.forNs() == Fault.FOREVER || fault.kind().takesAway();
    long endNs = lasts ? Fault.FOREVER : nowNs + fault.forNs();
    ActiveFault set = new ActiveFault(++lastId, fault, endNs);
    faults.add(set);
    if (fault.kind() == FaultKind.FLOOD) {
      floods.add(new Flood(set, probe, agent, refresh));
    } else if (fault.kind().takesAway() && fault.on().isEmpty()) {
      set.struck();
      set.takenAway = true;
      takeAway();
    }
    refresh();
    return set.id();
  }

  /** Clears one; what it has taken away comes back. Whether there was such a one. */
  public boolean clear(int id) {
    boolean found = faults.removeIf(each -> each.id() == id);
    afterClearing();
    return found;
  }

  /** Clears all. Returns how many. */
  public int clear() {
    int count = faults.size();
    faults.clear();
    afterClearing();
    return count;
  }

  private void afterClearing() {
    for (Flood flood : floods) {
      if (!faults.contains(flood.fault())) {
        flood.stop();
      }
    }
    floods.removeIf(flood -> !faults.contains(flood.fault()));
    refresh();
  }

  /** What was set and not cleared yet, each by its facts. */
  public List<Map<String, Object>> facts() {
    long nowNs = agent.nowNs();
    return faults.stream().map(each -> each.facts(nowNs)).toList();
  }

  /** What strikes something at this place now, or null. */
  private ActiveFault strike(Traffic traffic, int bar, long first, long bytes) {
    long nowNs = agent.nowNs();
    for (int i = 0; i < faults.size(); i++) {
      ActiveFault each = faults.get(i);
      if (!each.takenAway
          && each.fault().concerns(traffic, bar, first, bytes)
          && each.strikes(nowNs)) {
        if (each.over(nowNs)) {
          agent.execute(refresh);
        }
        if (!each.fault().kind().takesAway()) {
          return each;
        }
        each.takenAway = true;
        agent.execute(takeAway);
      }
    }
    return null;
  }

  private void takeAway() {
    for (ActiveFault each : faults) {
      if (each.takenAway && each.backNs == Fault.UNKNOWN) {
        long forNs = each.fault().forNs();
        each.backNs = forNs == Fault.FOREVER ? Fault.FOREVER : agent.nowNs() + forNs;
        if (!away) {
          away = true;
          presence.away("fault " + each.id() + ": " + each.fault().kind().word());
        }
      }
    }
    refresh();
  }

  private void mayComeBack(long nowNs) {
    boolean stays = false;
    for (ActiveFault each : faults) {
      if (each.takenAway && each.backNs != Fault.UNKNOWN && nowNs >= each.backNs) {
        each.takenAway = false;
        each.backNs = Fault.UNKNOWN;
      }
      stays |= each.takenAway;
    }
    if (away && !stays) {
      away = false;
      presence.back();
    }
  }

  /** Takes over what has changed: faults set, cleared or over. */
  private void refresh() {
    long nowNs = agent.nowNs();
    mayComeBack(nowNs);
    boolean any = false;
    boolean reads = false;
    long nextNs = Fault.FOREVER;
    for (ActiveFault each : faults) {
      if (each.takenAway) {
        nextNs = Math.min(nextNs, each.backNs);
      }
      if (!each.over(nowNs)) {
        any |= !each.fault().on().isEmpty();
        reads |= each.fault().on().contains(Traffic.READ);
        nextNs = Math.min(nextNs, each.endNs());
      }
    }
    if (!any && lingers()) {
      nextNs = Math.min(nextNs, nowNs + LINGER_NS);
    }
    active = any || judge.anyStruck();
    settle();
    if (nextNs == Fault.FOREVER) {
      timer.cancel();
    } else {
      timer.arm(Math.max(1, nextNs - nowNs));
    }
    // Software must come and ask while its reads may be struck.
    if (stale != reads) {
      stale = reads;
      out.staleEvents(stale);
      probe.tellRegisters();
    }
  }

  /** Faults are over, but some of what they have struck has not gone by yet. */
  private boolean lingers() {
    if (judge.anyStruck() && ++lingered > LINGER_COUNT_MAX) {
      judge.forget(); // What was not answered until now never will be.
    }
    boolean lingers = judge.anyStruck() || !out.isEmpty();
    lingered = lingers ? lingered : 0;
    return lingers;
  }

  /** Whether what the card sends comes by here: as long as it is judged, or something waits. */
  private void settle() {
    boolean wanted = active || !out.isEmpty();
    if (link != null && wanted != routed) {
      routed = wanted;
      probe.route(routed ? out : link);
    }
  }
}
