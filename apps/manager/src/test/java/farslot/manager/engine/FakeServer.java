package farslot.manager.engine;

import farslot.api.agent.Agent;
import farslot.api.agent.GuestReport;
import farslot.api.agent.HoldingOrder;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.HoldingReport.State;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.InitiatorReport;
import farslot.api.agent.Load;
import farslot.api.agent.Orders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An initiator as the contract has it, with guests that let go, or do not. */
final class FakeServer implements Agent {
  static final class Holding {
    HoldingOrder order;
    State state = State.ATTACHING;
  }

  final String name;
  private final Map<String, FakeAppliance> appliances;
  private final List<String> guests;
  final Map<String, Holding> holdings = new TreeMap<>();
  private String instance = "1";
  boolean letsGo = true;
  boolean inUse;
  boolean attaches = true;

  FakeServer(String name, Map<String, FakeAppliance> appliances, String... guests) {
    this.name = name;
    this.appliances = appliances;
    this.guests = List.of(guests);
  }

  synchronized void restart() {
    instance = instance + "1";
    holdings.values().forEach(each -> each.state = State.ATTACHING);
  }

  private FakeAppliance appliance(String function) {
    return appliances.get(function.substring(0, function.indexOf('/')));
  }

  private static String slot(String function) {
    return function.substring(function.indexOf('/') + 1);
  }

  /** Tries again what could not be done yet. */
  synchronized void work() {
    holdings.forEach(
        (function, holding) -> {
          HoldingOrder order = holding.order;
          if (order.action() == HoldingOrder.Action.ATTACH) {
            boolean had =
                holding.state == State.ATTACHED && appliance(function).has(name, slot(function));
            if (!had
                && attaches
                && appliance(function).attach(name, slot(function), order.epoch())) {
              holding.state = State.ATTACHED;
            }
          } else if (holding.state != State.RELEASED) {
            if (letsGo || order.forced() || holding.state == State.ATTACHING) {
              appliance(function).detach(name, slot(function));
              holding.state = State.RELEASED;
            } else {
              holding.state = State.STUCK;
            }
          }
        });
  }

  @Override
  public synchronized void obey(Orders orders) {
    Map<String, Holding> next = new TreeMap<>();
    for (HoldingOrder order : ((InitiatorOrders) orders).holdings()) {
      Holding holding = holdings.remove(order.function());
      if (holding == null || holding.order.epoch() != order.epoch()) {
        if (holding != null) {
          appliance(order.function()).detach(name, slot(order.function()));
        }
        holding = new Holding();
      } else if (order.action() == HoldingOrder.Action.ATTACH && holding.state != State.ATTACHED) {
        holding.state = holding.state == State.STUCK ? State.ATTACHED : State.ATTACHING;
      }
      holding.order = order;
      next.put(order.function(), holding);
    }
    holdings.forEach((function, holding) -> appliance(function).detach(name, slot(function)));
    holdings.clear();
    holdings.putAll(next);
    work();
  }

  @Override
  public synchronized InitiatorReport report() {
    work();
    List<HoldingReport> told = new ArrayList<>();
    holdings.forEach(
        (function, holding) ->
            told.add(
                new HoldingReport(
                    function,
                    holding.order.epoch(),
                    holding.state,
                    holding.state == State.STUCK ? "its guest says no" : "",
                    "",
                    inUse && holding.state == State.ATTACHED,
                    Load.NONE)));
    List<GuestReport> seen =
        guests.stream().map(each -> new GuestReport(each, true, 4, "")).toList();
    return new InitiatorReport(name, instance, "test", "", List.of(), seen, told);
  }
}
