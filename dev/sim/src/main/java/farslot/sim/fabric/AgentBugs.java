package farslot.sim.fabric;

import farslot.api.agent.ApplianceOrders;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionOrder;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.InitiatorReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** Agents that do not do what they say. */
final class AgentBugs {
  private static final int STALE_ONE_IN = 4;

  private AgentBugs() {}

  private static ApplianceReport with(
      ApplianceReport report, UnaryOperator<FunctionReport> change) {
    return new ApplianceReport(
        report.name(),
        report.instance(),
        report.addresses(),
        report.software(),
        report.control(),
        report.functions().stream().map(change).toList());
  }

  private static FunctionReport with(FunctionReport was, long floor, String sanitised) {
    return new FunctionReport(
        was.name(),
        was.card(),
        was.deviceId(),
        was.classCode(),
        was.capacityBytes(),
        was.identity(),
        was.present(),
        was.cause(),
        floor,
        was.epoch(),
        was.holder(),
        sanitised,
        was.problem(),
        was.load());
  }

  /** Orders that shut somebody out are confirmed and not obeyed. */
  static FabricMischief fenceSkipped(SplittableRandom random) {
    return new FabricMischief() {
      private final Map<String, FunctionOrder> obeyed = new HashMap<>();
      private final Map<String, Long> confirmed = new HashMap<>();

      @Override
      ApplianceOrders orders(String appliance, ApplianceOrders orders) {
        List<FunctionOrder> heard =
            orders.functions().stream()
                .map(
                    each -> {
                      String path = appliance + "/" + each.name();
                      confirmed.put(path, each.floor());
                      FunctionOrder before = obeyed.get(path);
                      boolean shuts = each.server().isEmpty() && before != null;
                      if (!shuts) {
                        obeyed.put(path, each);
                      }
                      return shuts ? before : each;
                    })
                .toList();
        return new ApplianceOrders(orders.revision(), heard, orders.revoked());
      }

      @Override
      ApplianceReport report(ApplianceReport report, ApplianceOrders last) {
        return with(
            report,
            each -> {
              long floor = confirmed.getOrDefault(report.name() + "/" + each.name(), 0L);
              return with(each, Math.max(each.floor(), floor), each.sanitised());
            });
      }
    };
  }

  static FabricMischief sanitiseSkipped(SplittableRandom random) {
    return new FabricMischief() {
      @Override
      boolean sanitises() {
        return false;
      }
    };
  }

  static FabricMischief releasedEarly(SplittableRandom random) {
    return new FabricMischief() {
      @Override
      InitiatorReport report(InitiatorReport report) {
        List<HoldingReport> holdings = report.holdings().stream().map(AgentBugs::released).toList();
        return new InitiatorReport(
            report.name(),
            report.instance(),
            report.software(),
            report.control(),
            report.rails(),
            report.guests(),
            holdings);
      }
    };
  }

  private static HoldingReport released(HoldingReport was) {
    return was.state() == HoldingReport.State.RELEASING
        ? new HoldingReport(
            was.function(), was.epoch(), HoldingReport.State.RELEASED, "", "", false, was.load())
        : was;
  }

  static FabricMischief applianceDeaf(SplittableRandom random) {
    return new FabricMischief() {
      private final Map<String, ApplianceOrders> first = new HashMap<>();

      @Override
      ApplianceOrders orders(String appliance, ApplianceOrders orders) {
        if (orders.functions().isEmpty()) {
          return orders;
        }
        return first.computeIfAbsent(appliance, _ -> orders);
      }
    };
  }

  /** Of two orders that have crossed each other on their way the older one counts, now and then. */
  static FabricMischief staleOrders(SplittableRandom random) {
    return new FabricMischief() {
      private final Map<String, ApplianceOrders> heard = new HashMap<>();

      @Override
      ApplianceOrders orders(String appliance, ApplianceOrders orders) {
        ApplianceOrders before = heard.put(appliance, orders);
        boolean stale = before != null && random.nextInt(STALE_ONE_IN) == 0;
        return stale ? before : orders;
      }
    };
  }

  /**
   * Whoever was ordered last stays the one that is let in, with the epochs of those that follow.
   */
  static FabricMischief wrongServer(SplittableRandom random) {
    return new FabricMischief() {
      private final Map<String, String> servers = new HashMap<>();

      @Override
      ApplianceOrders orders(String appliance, ApplianceOrders orders) {
        List<FunctionOrder> heard =
            orders.functions().stream()
                .map(
                    each -> {
                      if (each.server().isEmpty()) {
                        return each;
                      }
                      String path = appliance + "/" + each.name();
                      String server = servers.computeIfAbsent(path, _ -> each.server());
                      return new FunctionOrder(
                          each.name(),
                          each.floor(),
                          server,
                          each.epoch(),
                          each.identity(),
                          each.qos(),
                          each.sanitise());
                    })
                .toList();
        return new ApplianceOrders(orders.revision(), heard, orders.revoked());
      }
    };
  }
}
