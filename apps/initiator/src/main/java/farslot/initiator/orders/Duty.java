package farslot.initiator.orders;

import farslot.api.agent.HoldingOrder;
import farslot.api.agent.HoldingOrder.Action;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.HoldingReport.State;
import farslot.api.agent.Load;

/**
 * One function that this server shall have, or let go of: compares what is ordered with what is,
 * and does the next step. Each step may be lost and is then done again.
 */
final class Duty {
  /** A guest that was asked is asked again after this: it may not have been listening. */
  private static final long ASK_AGAIN_NS = 6_000_000_000L;

  /** Pause before something that failed is tried again; doubles each time. */
  private static final long RETRY_NS = 500_000_000L;

  private static final long RETRY_NS_MAX = 10_000_000_000L;

  /** A device whose QEMU has no connection to us any more is dead after this. */
  private static final long CLIENTLESS_NS = 1_000_000_000L;

  /** Longest that QEMU may take to plug something in. */
  private static final long PLUG_NS = 30_000_000_000L;

  /** Where the card is. */
  private enum Card {
    NONE,
    ASKED,
    THERE,
    AWAY
  }

  final String function;
  private final Means means;

  /** What is ordered; null when nothing is any more. */
  private HoldingOrder order;

  /** The order by which the function is held; null while it is not. */
  private HoldingOrder held;

  private Card card = Card.NONE;
  private boolean offered;
  private boolean client;

  /** When the client went, for as long as there is none. */
  private long clientlessSinceNs;

  /** Until when QEMU may be plugging it in; 0 while it is not. */
  private long pluggingUntilNs;

  /** When the guest is asked next; 0 when it was not asked. */
  private long askAgainNs;

  private long releasingSinceNs;
  private boolean stuck;
  private long retryAtNs;
  private long retryPauseNs = RETRY_NS;

  /** What is in the way, or where it is, for people. */
  private String why = "";

  private String shownAs = "";
  private String bdf = "";
  private boolean driverBound;
  private final long stuckAfterNs;
  private long deadlineNs;

  Duty(String function, Means means, long stuckAfterNs) {
    this.function = function;
    this.means = means;
    this.stuckAfterNs = stuckAfterNs;
  }

  /** It shall be so from now on; null: nobody waits for it any more. */
  void order(HoldingOrder wanted, long nowNs) {
    boolean released = order != null && order.action() == Action.RELEASE;
    if (wanted != null && wanted.action() == Action.RELEASE && !released) {
      releasingSinceNs = nowNs;
      stuck = false;
      askAgainNs = 0;
    }
    order = wanted;
  }

  /** Whether it can be forgotten. */
  boolean isOver() {
    return order == null && held == null;
  }

  /** Whether what this guest has of it is used, and not a stray. */
  boolean claims(Guest guest) {
    return held != null && held.guest().equals(guest.name);
  }

  String guest() {
    return held != null ? held.guest() : order == null ? "" : order.guest();
  }

  // What has happened.

  void onPresent(String shown) {
    if (held != null) {
      card = Card.THERE;
      offered = true;
      shownAs = shown;
      why = "";
      retryPauseNs = RETRY_NS;
    }
  }

  void onAbsent(String cause) {
    if (held != null) {
      card = offered ? Card.AWAY : Card.ASKED;
      why = cause;
      driverBound = false;
    }
  }

  void onRefused(String text) {
    if (held != null) {
      why = "the appliance refuses it: " + text;
    }
  }

  void onFailed(String text, long nowNs) {
    if (held != null) {
      drop("it cannot be shown: " + text);
      later(nowNs);
    }
  }

  void onClient(boolean connected, long nowNs) {
    client = connected;
    clientlessSinceNs = nowNs;
    if (!connected) {
      driverBound = false;
    }
  }

  void onDriver(boolean bound, String where) {
    driverBound = bound;
    bdf = where;
  }

  void onPlugged() {
    pluggingUntilNs = 0;
    why = "";
    retryPauseNs = RETRY_NS;
  }

  void onPlugFailed(String text, long nowNs) {
    pluggingUntilNs = 0;
    why = text;
    later(nowNs);
  }

  void onDeleted() {
    askAgainNs = 0;
    pluggingUntilNs = 0;
    driverBound = false;
    bdf = "";
  }

  void onUnplugRefused(String text) {
    why = text;
  }

  private void later(long nowNs) {
    retryAtNs = nowNs + retryPauseNs;
    retryPauseNs = Math.min(RETRY_NS_MAX, 2 * retryPauseNs);
  }

  // What is to be done.

  /**
   * Does the next step.
   *
   * @param guest the one that the order names; null when this server has none of that name
   */
  void settle(Guest guest, long nowNs) {
    deadlineNs = Long.MAX_VALUE;
    if (order == null) {
      drop("it is not assigned to this server any more");
    } else if (order.action() == Action.RELEASE) {
      release(guest, nowNs);
    } else {
      attach(guest, nowNs);
    }
  }

  private void attach(Guest guest, long nowNs) {
    if (held != null && !sameTerms()) {
      drop("it is assigned anew");
    }
    if (held == null) {
      if (isDue(retryAtNs, nowNs)) {
        held = order;
        card = Card.ASKED;
        clientlessSinceNs = nowNs;
        why = "";
        means.acquire(order);
      }
      return;
    }
    if (!held.equals(order)) {
      held = order;
      means.adjust(order);
    }
    if (guest != null && !guest.running) {
      pluggingUntilNs = 0;
      askAgainNs = 0;
      bdf = "";
    } else if (guest != null) {
      plug(guest, nowNs);
    }
  }

  private boolean sameTerms() {
    return held.epoch() == order.epoch() && held.guest().equals(order.guest());
  }

  private void plug(Guest guest, long nowNs) {
    if (pluggingUntilNs != 0 && !isDue(pluggingUntilNs, nowNs)) {
      return;
    }
    pluggingUntilNs = 0;
    if (guest.functions.containsKey(function)) {
      // QEMU never connects again: a device that has lost us is dead, and has to be plugged anew.
      if (!client && isDue(clientlessSinceNs + CLIENTLESS_NS, nowNs)) {
        ask(guest, nowNs);
      }
    } else if (card == Card.THERE && isDue(retryAtNs, nowNs)) {
      askAgainNs = 0;
      pluggingUntilNs = nowNs + PLUG_NS;
      until(pluggingUntilNs);
      means.plug(guest.name, function, order.bootOrder());
    }
  }

  private void release(Guest guest, long nowNs) {
    if (held == null) {
      return;
    }
    boolean inGuest = guest != null && guest.running && guest.functions.containsKey(function);
    if (order.forced() || held.epoch() != order.epoch()) {
      drop("it is taken away by force");
    } else if (held.guest().isEmpty() && client) {
      stuck = true;
      why = "a hypervisor uses its socket, and cannot be asked: stop it, or force";
    } else if (pluggingUntilNs != 0 && !isDue(pluggingUntilNs, nowNs)) {
      return; // What comes of it is told soon.
    } else if (inGuest && client) {
      ask(guest, nowNs);
      stuck = isDue(releasingSinceNs + stuckAfterNs, nowNs);
    } else if (inGuest && askAgainNs != 0 && !isDue(clientlessSinceNs + CLIENTLESS_NS, nowNs)) {
      return; // QEMU has hung up, and says soon that the device is gone.
    } else {
      drop("it is released");
    }
  }

  private void ask(Guest guest, long nowNs) {
    if (isDue(askAgainNs, nowNs)) {
      askAgainNs = nowNs + ASK_AGAIN_NS;
      until(askAgainNs);
      means.unplug(guest.name, function);
    }
  }

  private void drop(String cause) {
    if (held != null) {
      held = null;
      card = Card.NONE;
      offered = false;
      client = false;
      stuck = false;
      driverBound = false;
      pluggingUntilNs = 0;
      askAgainNs = 0;
      retryAtNs = 0;
      bdf = "";
      shownAs = "";
      why = cause;
      means.letGo(function, cause);
    }
  }

  private boolean isDue(long atNs, long nowNs) {
    if (atNs == 0 || nowNs - atNs >= 0) {
      return true;
    }
    until(atNs);
    return false;
  }

  private void until(long atNs) {
    deadlineNs = Math.min(deadlineNs, atNs);
  }

  /** When it wants to be settled again; {@code Long.MAX_VALUE} when something has to happen. */
  long deadlineNs() {
    return deadlineNs;
  }

  // What is told.

  /** Null when there is no order to tell of. */
  HoldingReport report(Guest guest, Load load) {
    if (order == null) {
      return null;
    }
    State state = state(guest);
    String detail = detail(state, guest);
    return new HoldingReport(function, order.epoch(), state, detail, bdf, driverBound, load);
  }

  private State state(Guest guest) {
    if (order.action() == Action.RELEASE) {
      return held == null ? State.RELEASED : stuck ? State.STUCK : State.RELEASING;
    }
    if (held == null || !offered) {
      return State.ATTACHING;
    }
    boolean there = order.guest().isEmpty() || guest != null && guest.known && !guest.running;
    if (there || guest != null && client && guest.functions.containsKey(function)) {
      return card == Card.THERE ? State.ATTACHED : State.AWAY;
    }
    return State.ATTACHING;
  }

  private String detail(State state, Guest guest) {
    String name = order.guest();
    if (!name.isEmpty() && guest == null) {
      return "this server knows no guest "
          + name
          + ": 'guests:' in its initiator.yaml names them, with their QMP sockets";
    }
    if (guest != null && !guest.running && order.action() == Action.ATTACH) {
      return "guest %s is not there (%s): it gets it when it is".formatted(name, guest.detail);
    }
    if (!why.isEmpty()) {
      return why;
    }
    return switch (state) {
      case ATTACHING -> offered ? "being plugged into guest " + name : "the appliance is asked";
      case ATTACHED, AWAY ->
          guest == null
              ? shownAs
              : "guest %s, root port %s".formatted(name, guest.functions.get(function));
      case RELEASING, STUCK -> "guest %s is asked to let go of it".formatted(name);
      case RELEASED -> "";
    };
  }
}
