package farslot.sim.fabric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A guest and its hypervisor: what is plugged, and who is behind it. Outlives initiators. */
final class SimGuest {
  /** By function: the initiator that the hypervisor is connected with; null when that has gone. */
  private final Map<String, ServerNode> devices = new LinkedHashMap<>();

  private boolean running = true;
  private boolean stubborn;

  boolean isRunning() {
    return running;
  }

  boolean isStubborn() {
    return stubborn;
  }

  void stubborn(boolean now) {
    stubborn = now;
  }

  /** False when there is one already. */
  boolean plug(String function, ServerNode by) {
    if (devices.containsKey(function)) {
      return false;
    }
    devices.put(function, by);
    return true;
  }

  /** Whether its hypervisor was connected. */
  boolean unplug(String function) {
    return devices.remove(function) != null;
  }

  /** The socket is gone: the device is dead, and still there. */
  void hangUp(String function) {
    devices.replaceAll((each, by) -> each.equals(function) ? null : by);
  }

  /** The initiator has died. */
  void lost(ServerNode who) {
    devices.replaceAll((_, by) -> by == who ? null : by);
  }

  /** Each with its root port. */
  Map<String, String> devices() {
    Map<String, String> all = new LinkedHashMap<>();
    devices.keySet().forEach(each -> all.put(each, "rp"));
    return all;
  }

  boolean uses(String function, ServerNode by) {
    return running && devices.get(function) == by;
  }

  /** It is gone for a while; what it had. */
  List<String> stop() {
    running = false;
    List<String> had = List.copyOf(devices.keySet());
    devices.clear();
    return had;
  }

  void start() {
    running = true;
  }
}
