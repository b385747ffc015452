package farslot.cli.fabric;

import farslot.api.agent.Agent;
import farslot.api.agent.ApplianceOrders;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionOrder;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.Load;
import farslot.api.agent.Orders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An appliance without cards that does as it is told. */
final class FakeRack implements Agent {
  private static final class Slot {
    private final FunctionReport like;
    private long floor;
    private FunctionOrder order;
    private String holder = "";
    private String sanitised = "";
    private boolean present = true;
    private Load load = Load.NONE;

    Slot(FunctionReport like) {
      this.like = like;
    }
  }

  private final String name;
  private final Map<String, Slot> slots = new LinkedHashMap<>();

  FakeRack(String name) {
    this.name = name;
  }

  FakeRack drive(String function, long bytes) {
    return slot(function, "nvme", "1b36:0010", 0x010802, bytes, Map.of("serial", "FS-" + function));
  }

  FakeRack nic(String function, String mac) {
    return slot(function, "nic82599", "8086:10ed", 0x020000, 0, Map.of("mac", mac));
  }

  private FakeRack slot(
      String function,
      String card,
      String deviceId,
      int classCode,
      long bytes,
      Map<String, String> identity) {
    slots.put(
        function,
        new Slot(
            new FunctionReport(
                function, card, deviceId, classCode, bytes, identity, true, "", 0, 0, "", "", "",
                Load.NONE)));
    return this;
  }

  synchronized void pull(String function, boolean out) {
    slots.get(function).present = !out;
  }

  synchronized void carried(String function, Load load) {
    slots.get(function).load = load;
  }

  @Override
  public synchronized ApplianceReport report() {
    List<FunctionReport> functions = new ArrayList<>();
    slots.forEach(
        (function, slot) ->
            functions.add(
                new FunctionReport(
                    function,
                    slot.like.card(),
                    slot.like.deviceId(),
                    slot.like.classCode(),
                    slot.like.capacityBytes(),
                    slot.like.identity(),
                    slot.present,
                    slot.present ? "" : "pulled out",
                    slot.floor,
                    slot.floor,
                    slot.holder,
                    slot.sanitised,
                    "",
                    slot.load)));
    return new ApplianceReport(name, "1", List.of("10.0.0.1:7580"), "farslot 0.1.0", "", functions);
  }

  @Override
  public synchronized void obey(Orders orders) {
    for (FunctionOrder order : ((ApplianceOrders) orders).functions()) {
      Slot slot = slots.get(order.name());
      slot.order = order;
      if (order.floor() > slot.floor) {
        slot.holder = "";
      }
      slot.floor = Math.max(slot.floor, order.floor());
      if (!order.sanitise().isEmpty()) {
        slot.sanitised = order.sanitise().replaceAll(":.*", "");
      }
    }
  }

  synchronized boolean letIn(String server, String function, long epoch) {
    Slot slot = slots.get(function);
    boolean granted =
        slot.present
            && slot.order != null
            && slot.order.server().equals(server)
            && slot.order.epoch() == epoch;
    if (granted) {
      slot.holder = server;
    }
    return granted;
  }
}
