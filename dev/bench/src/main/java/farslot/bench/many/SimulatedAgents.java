package farslot.bench.many;

import farslot.api.agent.Agent;
import farslot.api.agent.ApplianceOrders;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionOrder;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.GuestReport;
import farslot.api.agent.HoldingOrder;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.InitiatorReport;
import farslot.api.agent.Load;
import farslot.api.agent.Orders;
import farslot.api.agent.Report;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What speaks with a manager as appliances and initiators do, and has no cards and no guests. */
final class SimulatedAgents {
  static final String GUEST = "vm";

  private SimulatedAgents() {}

  /** Does at once what it is told. */
  static final class Appliance implements Agent {
    private final String name;
    private final int functions;
    private final Map<String, FunctionOrder> orders = new HashMap<>();
    private final Map<String, Long> floors = new HashMap<>();
    private long reports;

    Appliance(String name, int functions) {
      this.name = name;
      this.functions = functions;
    }

    static String function(int index) {
      return "disk" + index;
    }

    @Override
    public synchronized void obey(Orders told) {
      orders.clear();
      for (FunctionOrder each : ((ApplianceOrders) told).functions()) {
        orders.put(each.name(), each);
        floors.merge(each.name(), each.floor(), Math::max);
      }
    }

    @Override
    public synchronized Report report() {
      reports++;
      List<FunctionReport> told = new ArrayList<>();
      for (int i = 0; i < functions; i++) {
        String function = function(i);
        FunctionOrder order = orders.get(function);
        told.add(
            new FunctionReport(
                function,
                "nvme",
                "1b36:0010",
                0x010802,
                1L << 40,
                Map.of("serial", name + "-" + i),
                true,
                "",
                floors.getOrDefault(function, 0L),
                floors.getOrDefault(function, 0L),
                order == null ? "" : order.server(),
                "",
                "",
                load(reports)));
      }
      return new ApplianceReport(name, "1", List.of("10.0.0.1:7580"), "simulated", "", told);
    }
  }

  private static Load load(long reports) {
    long bytes = reports << 30;
    return new Load(bytes, bytes, reports, reports, reports << 18, 0, 20_000, 90_000);
  }

  /** Attaches and lets go at once. */
  static final class Initiator implements Agent {
    private final String name;
    private List<HoldingOrder> orders = List.of();
    private long reports;

    Initiator(String name) {
      this.name = name;
    }

    @Override
    public synchronized void obey(Orders told) {
      orders = ((InitiatorOrders) told).holdings();
    }

    @Override
    public synchronized Report report() {
      reports++;
      List<HoldingReport> told = new ArrayList<>();
      for (HoldingOrder each : orders) {
        boolean attached = each.action() == HoldingOrder.Action.ATTACH;
        told.add(
            new HoldingReport(
                each.function(),
                each.epoch(),
                attached ? HoldingReport.State.ATTACHED : HoldingReport.State.RELEASED,
                "",
                attached ? "0000:03:00.0" : "",
                attached,
                load(reports)));
      }
      List<GuestReport> guests = List.of(new GuestReport(GUEST, true, 8, "simulated"));
      return new InitiatorReport(name, "1", "simulated", "", List.of(), guests, told);
    }
  }
}
