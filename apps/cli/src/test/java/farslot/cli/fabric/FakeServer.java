package farslot.cli.fabric;

import farslot.api.agent.Agent;
import farslot.api.agent.GuestReport;
import farslot.api.agent.HoldingOrder;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.HoldingReport.State;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.InitiatorReport;
import farslot.api.agent.Load;
import farslot.api.agent.Orders;
import farslot.api.agent.RailReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An initiator without guests that does as it is told, unless its guests do not let go. */
final class FakeServer implements Agent {
  private static final class Holding {
    private HoldingOrder order;
    private State state = State.ATTACHING;
    private int bus;
  }

  private final String name;
  private final FakeRack rack;
  private final List<String> guests;
  private final Map<String, Holding> holdings = new TreeMap<>();
  private boolean letsGo = true;
  private boolean railUp = true;
  private boolean attaches = true;

  FakeServer(String name, FakeRack rack, String... guests) {
    this.name = name;
    this.rack = rack;
    this.guests = List.of(guests);
  }

  synchronized void letsGo(boolean does) {
    letsGo = does;
  }

  synchronized void attaches(boolean does) {
    attaches = does;
  }

  synchronized void railUp(boolean is) {
    railUp = is;
  }

  @Override
  public synchronized void obey(Orders orders) {
    Map<String, Holding> next = new TreeMap<>();
    for (HoldingOrder order : ((InitiatorOrders) orders).holdings()) {
      Holding holding = holdings.get(order.function());
      if (holding == null || holding.order.epoch() != order.epoch()) {
        holding = new Holding();
        holding.bus = 3 + next.size();
      } else if (order.action() == HoldingOrder.Action.ATTACH && holding.state == State.STUCK) {
        holding.state = State.ATTACHED;
      }
      holding.order = order;
      next.put(order.function(), holding);
    }
    holdings.clear();
    holdings.putAll(next);
  }

  private void work(String function, Holding holding) {
    HoldingOrder order = holding.order;
    if (order.action() == HoldingOrder.Action.RELEASE) {
      holding.state = letsGo || order.forced() ? State.RELEASED : State.STUCK;
    } else if (holding.state == State.ATTACHING
        && attaches
        && rack.letIn(name, function.replaceAll(".*/", ""), order.epoch())) {
      holding.state = State.ATTACHED;
    }
  }

  @Override
  public synchronized InitiatorReport report() {
    holdings.forEach(this::work);
    List<HoldingReport> told = new ArrayList<>();
    holdings.forEach((function, holding) -> told.add(told(function, holding)));
    return new InitiatorReport(
        name,
        "1",
        "farslot 0.1.0",
        "",
        List.of(
            new RailReport(
                "rack1",
                "10.0.0.2 -> 10.0.0.1:7580",
                railUp,
                "tls",
                31_200,
                25_000_000_000L,
                120,
                railUp ? "" : "timed out")),
        guests.stream().map(each -> new GuestReport(each, true, 4, "QEMU 11.1.0")).toList(),
        told);
  }

  private static HoldingReport told(String function, Holding holding) {
    boolean attached = holding.state == State.ATTACHED;
    boolean guest = !holding.order.guest().isEmpty();
    String detail = attached && !guest ? "-device '{\"driver\":\"vfio-user-pci\"}'" : "";
    return new HoldingReport(
        function,
        holding.order.epoch(),
        holding.state,
        holding.state == State.STUCK ? "its driver does not let go" : detail,
        attached && guest ? "0000:%02x:00.0".formatted(holding.bus) : "",
        attached && guest,
        Load.NONE);
  }
}
