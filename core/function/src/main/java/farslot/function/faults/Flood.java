package farslot.function.faults;

import farslot.function.Agent;
import farslot.function.endpoint.EndpointProbe;

/**
 * Interrupts that nothing has caused, as MSI-X or MSI if software has enabled one of them (masked
 * ones are pending, as they must), otherwise as pulses of INTx.
 */
final class Flood {
  private static final long TICK_NS_MIN = 1_000_000;
  private static final long SECOND_NS = 1_000_000_000;

  /** More at once would keep the agent from its work. */
  private static final int BURST_MAX = 1000;

  private final ActiveFault fault;
  private final EndpointProbe probe;
  private final Agent agent;
  private final Agent.Timer timer;
  private final Runnable onOver;
  private final long periodNs;
  private long lastNs;
  private boolean forced;

  /**
   * @param onOver called when it has ended by itself
   */
  Flood(ActiveFault fault, EndpointProbe probe, Agent agent, Runnable onOver) {
    this.fault = fault;
    this.probe = probe;
    this.agent = agent;
    this.onOver = onOver;
    periodNs = SECOND_NS / fault.fault().perSecond();
    timer = agent.timer(this::tick);
    lastNs = agent.nowNs();
    arm();
  }

  ActiveFault fault() {
    return fault;
  }

  private void arm() {
    timer.arm(Math.max(TICK_NS_MIN, periodNs));
  }

  private void tick() {
    long nowNs = agent.nowNs();
    if (fault.over(nowNs)) {
      stop();
      onOver.run();
      return;
    }
    long due = (nowNs - lastNs) / periodNs;
    lastNs += due * periodNs;
    int burst = (int) Math.min(due, BURST_MAX);
    for (int i = 0; i < burst && !fault.over(nowNs) && probe.hasRoom(); i++) {
      interrupt();
    }
    arm();
  }

  private void interrupt() {
    if (probe.interrupts().messageSignalled()) {
      force(false);
      probe.interrupts().signal(fault.fault().vector());
      fault.struck();
    } else if (probe.hasPin()) {
      force(false);
      force(true);
      fault.struck();
    }
  }

  private void force(boolean asserted) {
    if (forced || asserted) {
      forced = asserted;
      probe.forceLevel(asserted);
    }
  }

  void stop() {
    timer.cancel();
    force(false);
  }
}
