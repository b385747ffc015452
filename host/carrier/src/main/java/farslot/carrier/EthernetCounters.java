package farslot.carrier;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What came over Ethernet and was dropped, by cause, for a listener, or for dialers, and all rails
 * that they made. On the loop's thread only.
 */
public final class EthernetCounters {
  /** A socket: the kernel knows what it lost for it. */
  interface Socket {
    /** Packets lost since it was last asked. */
    long losses();
  }

  private final Set<Socket> sockets = new HashSet<>();

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

  /** On protected rails and ports: what is not sealed, and should be. */
  long droppedInClear;

  /** Sealed packets that came again, or far too late. */
  long droppedReplayed;

  /** Sealed packets that the peer has not made, or not so. */
  long droppedForged;

  /** Handshakes for keys that failed. */
  long keysFailed;

  /** Lost in this machine's kernel for want of room in the receive buffer. */
  private long lostInKernel;

  /** Frames that waited because the interface's queue was full. */
  long queueFull;

  /** Counts a socket's losses, until it is closed. */
  void opened(Socket socket) {
    sockets.add(socket);
  }

  /** Call while it still can be asked. */
  void closing(Socket socket) {
    if (sockets.remove(socket)) {
      lostInKernel += socket.losses();
    }
  }

  /** All of them by name. */
  public Map<String, Long> snapshot() {
    sockets.forEach(socket -> lostInKernel += socket.losses());
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("ethernet_dropped_malformed", droppedMalformed);
    all.put("ethernet_dropped_reflected", droppedReflected);
    all.put("ethernet_dropped_strangers", droppedStrangers);
    all.put("ethernet_dropped_unexpected", droppedUnexpected);
    all.put("ethernet_dropped_rate_limited", droppedRateLimited);
    all.put("ethernet_dropped_rails_max", droppedRailsMax);
    all.put("ethernet_dropped_in_clear", droppedInClear);
    all.put("ethernet_dropped_replayed", droppedReplayed);
    all.put("ethernet_dropped_forged", droppedForged);
    all.put("ethernet_keys_failed", keysFailed);
    all.put("ethernet_lost_in_kernel", lostInKernel);
    all.put("ethernet_queue_full", queueFull);
    return all;
  }
}
