package farslot.manager.engine;

import farslot.api.agent.Agent;
import farslot.api.agent.ApplianceOrders;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionOrder;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.Load;
import farslot.api.agent.Orders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An appliance as the contract has it, without cards: lets in whom its orders name, shuts out whom
 * they do not, and remembers floors.
 */
final class FakeAppliance implements Agent {
  static final class Slot {
    long floor;
    FunctionOrder order;
    String holder = "";
    String sanitised = "";
    boolean present = true;
    String deviceId = "1b36:0010";
    boolean sanitises = true;
    int refusals;
    int shutOut;
    long heldEpoch;
    long shutOutEpoch;
  }

  final String name;
  final Map<String, Slot> slots = new TreeMap<>();
  private String instance = "1";
  boolean obeys = true;
  private List<FunctionOrder> pending = List.of();
  Runnable changed = () -> {};

  FakeAppliance(String name, String... functions) {
    this.name = name;
    for (String each : functions) {
      slots.put(each, new Slot());
    }
  }

  synchronized void restart() {
    instance = instance + "1";
    slots.values().forEach(slot -> slot.holder = ""); // What is on its disk stays.
  }

  @Override
  public synchronized ApplianceReport report() {
    List<FunctionReport> functions = new ArrayList<>();
    slots.forEach(
        (function, slot) ->
            functions.add(
                new FunctionReport(
                    function,
                    "nvme",
                    slot.deviceId,
                    0x010802,
                    1L << 30,
                    Map.of("serial", "S-" + function),
                    slot.present,
                    slot.present ? "" : "pulled out",
                    slot.floor,
                    slot.floor,
                    slot.holder,
                    slot.sanitised,
                    "",
                    Load.NONE)));
    return new ApplianceReport(name, instance, List.of("10.0.0.1:7580"), "test", "", functions);
  }

  @Override
  public synchronized void obey(Orders orders) {
    pending = ((ApplianceOrders) orders).functions();
    if (obeys) {
      obeyNow();
    }
  }

  synchronized void obeyNow() {
    slots.forEach((function, slot) -> slot.order = null);
    for (FunctionOrder order : pending) {
      Slot slot = slots.get(order.name());
      if (slot == null) {
        continue;
      }
      slot.order = order;
      if (order.floor() > slot.floor && !slot.holder.isEmpty()) {
        slot.holder = "";
        slot.shutOut++;
        slot.shutOutEpoch = slot.heldEpoch;
      }
      slot.floor = Math.max(slot.floor, order.floor());
      if (!order.sanitise().isEmpty() && slot.sanitises && slot.holder.isEmpty()) {
        slot.sanitised = order.sanitise().substring(0, order.sanitise().indexOf(':'));
      }
    }
  }

  /** Whether a server is let in. */
  synchronized boolean attach(String server, String function, long epoch) {
    Slot slot = slots.get(function);
    boolean granted =
        slot.present
            && slot.order != null
            && slot.order.server().equals(server)
            && slot.order.epoch() == epoch
            && slot.floor <= epoch;
    if (granted) {
      if (!slot.holder.isEmpty() && !slot.holder.equals(server)) {
        throw new AssertionError(function + ": " + slot.holder + " still has it");
      }
      slot.holder = server;
      slot.heldEpoch = epoch;
      changed.run();
    } else if (slot.present) {
      slot.refusals++;
    }
    return granted;
  }

  synchronized boolean has(String server, String function) {
    return slots.get(function).holder.equals(server);
  }

  synchronized void detach(String server, String function) {
    Slot slot = slots.get(function);
    if (slot.holder.equals(server)) {
      slot.holder = "";
    }
  }
}
