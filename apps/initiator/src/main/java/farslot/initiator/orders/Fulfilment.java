package farslot.initiator.orders;

import farslot.api.agent.GuestReport;
import farslot.api.agent.HoldingOrder;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.Load;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Brings a server to what its manager orders, and keeps it there: functions are asked for, shown,
 * plugged into guests, plugged again when guests or this process begin anew, taken out and given
 * back. Level-triggered: any order may come at any time, twice or never, and what is to be done
 * follows from what is. Not for several threads.
 */
public final class Fulfilment {
  /** A guest that has not let go after this is called stuck, unless told otherwise. */
  public static final long STUCK_NS = 30_000_000_000L;

  private final Means means;
  private final long stuckAfterNs;

  /** By function. */
  private final Map<String, Duty> duties = new LinkedHashMap<>();

  private final Map<String, Guest> guests = new TreeMap<>();
  private long revision;

  /**
   * @param guests names of those that this server can plug into
   */
  public Fulfilment(Means means, List<String> guests, long stuckAfterNs) {
    this.means = means;
    this.stuckAfterNs = stuckAfterNs;
    guests.forEach(name -> this.guests.put(name, new Guest(name)));
  }

  // What goes in.

  /** What the server shall have, as a whole. */
  public void orders(InitiatorOrders orders, long nowNs) {
    revision = orders.revision();
    Map<String, HoldingOrder> wanted = new LinkedHashMap<>();
    orders.holdings().forEach(order -> wanted.put(order.function(), order));
    for (String function : wanted.keySet()) {
      duties.computeIfAbsent(function, name -> new Duty(name, means, stuckAfterNs));
    }
    duties.forEach((function, duty) -> duty.order(wanted.get(function), nowNs));
    settle(nowNs);
  }

  /**
   * A function's card can be used, and its socket is there.
   *
   * @param shownAs for people who start a hypervisor by hand
   */
  public void onPresent(String function, String shownAs, long nowNs) {
    tell(function, duty -> duty.onPresent(shownAs), nowNs);
  }

  public void onAbsent(String function, String cause, long nowNs) {
    tell(function, duty -> duty.onAbsent(cause), nowNs);
  }

  /** The appliance does not grant it; it is asked again by itself. */
  public void onRefused(String function, String why, long nowNs) {
    tell(function, duty -> duty.onRefused(why), nowNs);
  }

  /** It cannot be shown to this server's software, and was given up. */
  public void onFailed(String function, String why, long nowNs) {
    tell(function, duty -> duty.onFailed(why, nowNs), nowNs);
  }

  /** A hypervisor has connected to a function's socket, or gone. */
  public void onClient(String function, boolean connected, long nowNs) {
    tell(function, duty -> duty.onClient(connected, nowNs), nowNs);
  }

  /**
   * A guest's driver has taken a function into use, or let go of it.
   *
   * @param bdf where; "" if unknown
   */
  public void onDriver(String function, boolean bound, String bdf, long nowNs) {
    tell(function, duty -> duty.onDriver(bound, bdf), nowNs);
  }

  /**
   * A guest was looked at.
   *
   * @param functions what it has of ours, each with its root port
   */
  public void onGuest(
      String name,
      boolean running,
      String detail,
      Map<String, String> functions,
      int freePorts,
      long nowNs) {
    Guest guest = guests.get(name);
    if (guest != null) {
      guest.known = true;
      guest.running = running;
      guest.detail = detail;
      guest.functions = Map.copyOf(functions);
      guest.freePorts = freePorts;
      settle(nowNs);
    }
  }

  public void onPlugged(String guest, String function, String port, long nowNs) {
    Guest into = guests.get(guest);
    if (into != null) {
      Map<String, String> more = new TreeMap<>(into.functions);
      more.put(function, port);
      into.functions = Map.copyOf(more);
    }
    tellOf(guest, function, Duty::onPlugged, nowNs);
  }

  public void onPlugFailed(String guest, String function, String why, long nowNs) {
    tellOf(guest, function, duty -> duty.onPlugFailed(why, nowNs), nowNs);
  }

  /** A function has left a guest, by our wish or the guest's. */
  public void onDeleted(String guest, String function, long nowNs) {
    Guest from = guests.get(guest);
    if (from != null) {
      Map<String, String> fewer = new TreeMap<>(from.functions);
      fewer.remove(function);
      from.functions = Map.copyOf(fewer);
    }
    tellOf(guest, function, Duty::onDeleted, nowNs);
  }

  public void onUnplugRefused(String guest, String function, String why, long nowNs) {
    tellOf(guest, function, duty -> duty.onUnplugRefused(why), nowNs);
  }

  /** Time has gone by: to be called at {@link #deadlineNs}, or at any other time. */
  public void onTime(long nowNs) {
    settle(nowNs);
  }

  private void tell(String function, Consumer<Duty> what, long nowNs) {
    Duty duty = duties.get(function);
    if (duty != null) {
      what.accept(duty);
      settle(nowNs);
    }
  }

  private void tellOf(String guest, String function, Consumer<Duty> what, long nowNs) {
    Duty duty = duties.get(function);
    if (duty != null && duty.guest().equals(guest)) {
      what.accept(duty);
    }
    settle(nowNs);
  }

  // What comes out.

  private void settle(long nowNs) {
    for (Duty duty : List.copyOf(duties.values())) {
      duty.settle(guests.get(duty.guest()), nowNs);
      if (duty.isOver()) {
        duties.remove(duty.function);
      }
    }
    guests.values().forEach(guest -> clear(guest, nowNs));
  }

  /** Takes out what a guest has of ours and nobody claims: it is of an earlier life. */
  private void clear(Guest guest, long nowNs) {
    Set<String> strays = new HashSet<>();
    for (String function : guest.functions.keySet()) {
      Duty duty = duties.get(function);
      if (duty == null || !duty.claims(guest)) {
        strays.add(function);
        if (guest.strayIsDue(function, nowNs)) {
          means.unplug(guest.name, function);
        }
      }
    }
    guest.keepStrays(strays);
  }

  /** When {@link #onTime} has to be called at the latest; {@code Long.MAX_VALUE} for never. */
  public long deadlineNs() {
    long first = Long.MAX_VALUE;
    for (Duty duty : duties.values()) {
      first = Math.min(first, duty.deadlineNs());
    }
    for (Guest guest : guests.values()) {
      first = Math.min(first, guest.deadlineNs());
    }
    return first;
  }

  /** Of the orders that are being obeyed; 0 before any. */
  public long revision() {
    return revision;
  }

  /**
   * How far everything is.
   *
   * @param load what a function has carried, by its name
   */
  public List<HoldingReport> holdings(Function<String, Load> load) {
    List<HoldingReport> all = new ArrayList<>();
    for (Duty duty : duties.values()) {
      HoldingReport report = duty.report(guests.get(duty.guest()), load.apply(duty.function));
      if (report != null) {
        all.add(report);
      }
    }
    return all;
  }

  /** How the guests are. */
  public List<GuestReport> guests() {
    return guests.values().stream()
        .map(each -> new GuestReport(each.name, each.running, each.freePorts, each.detail))
        .toList();
  }
}
