package farslot.function.faults;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** A fault that was set, and how it fares. On the function's agent thread. */
public final class ActiveFault {
  private final int id;
  private final Fault fault;
  private final SplittableRandom random;
  private final long endNs;
  private long matched;
  private long strikes;

  /** The function is away because of it. */
  boolean takenAway;

  /** When it comes back, if that has been said. */
  long backNs = Fault.UNKNOWN;

  /**
   * @param endNs when it is over, in the agent's time; {@link Fault#FOREVER} for never
   */
  ActiveFault(int id, Fault fault, long endNs) {
    this.id = id;
    this.fault = fault;
    this.endNs = endNs;
    random = new SplittableRandom(fault.seed());
  }

  /** By which it is cleared; from 1, never used again. */
  public int id() {
    return id;
  }

  /** What was ordered. */
  public Fault fault() {
    return fault;
  }

  /** How often it has struck. */
  public long strikes() {
    return strikes;
  }

  long endNs() {
    return endNs;
  }

  /** Whether it will not strike any more. */
  boolean over(long nowNs) {
    return strikes >= fault.count() || nowNs >= endNs;
  }

  /** Something has come by that it concerns: does it strike? Counts it if so. */
  boolean strikes(long nowNs) {
    if (over(nowNs) || ++matched <= fault.skip()) {
      return false;
    }
    if (fault.percent() < 100 && random.nextDouble() * 100 >= fault.percent()) {
      return false;
    }
    strikes++;
    return true;
  }

  void struck() {
    strikes++;
  }

  Map<String, Object> facts(long nowNs) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("id", id);
    facts.putAll(fault.facts());
    facts.put("struck", strikes);
    facts.put("state", takenAway ? "away" : over(nowNs) ? "over" : "active");
    return facts;
  }
}
