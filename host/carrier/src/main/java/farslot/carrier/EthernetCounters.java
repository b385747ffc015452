package farslot.carrier;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came over Ethernet and was dropped, by cause, for a listener or dialer and all its rails.
 * Changed on the loop's thread; may be read on others, where it is late by a little.
 */
public final class EthernetCounters {
  /** Packets that carry no frame, or a malformed one; longer than the interface's MTU. */
  long droppedMalformed;

  /** Sent from this interface's own address: a network that reflects, or somebody who forges. */
  long droppedReflected;

  /** On a rail from another port than the peer's; OFFERs that nobody asked for. */
  long droppedStrangers;

  /** At a listening port, neither HELLO nor DISCOVER. */
  long droppedUnexpected;

  /** HELLO and DISCOVER that came faster than they are answered. */
  long droppedRateLimited;

  /** HELLOs when there were as many rails as a listener has. */
  long droppedRailsMax;

  /** Lost in this machine's kernel for want of room in the receive buffer. */
  long lostInKernel;

  /** Frames that waited because the interface's queue was full. */
  long queueFull;

  /** All of them by name. */
  public Map<String, Long> snapshot() {
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("ethernet_dropped_malformed", droppedMalformed);
    all.put("ethernet_dropped_reflected", droppedReflected);
    all.put("ethernet_dropped_strangers", droppedStrangers);
    all.put("ethernet_dropped_unexpected", droppedUnexpected);
    all.put("ethernet_dropped_rate_limited", droppedRateLimited);
    all.put("ethernet_dropped_rails_max", droppedRailsMax);
    all.put("ethernet_lost_in_kernel", lostInKernel);
    all.put("ethernet_queue_full", queueFull);
    return all;
  }
}
