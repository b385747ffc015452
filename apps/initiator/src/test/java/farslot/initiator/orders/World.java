package farslot.initiator.orders;

import farslot.api.agent.HoldingOrder;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.HoldingReport.State;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.Load;
import farslot.api.agent.Qos;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A server around the state machine: an appliance that obeys, and guests that mostly do. */
final class World implements Means {
  static final long SECOND = 1_000_000_000L;

  /** One QEMU. */
  static final class Qemu {
    final String name;
    boolean running = true;
    boolean obeys = true;
    int ports = 2;

    /** Functions, and whether QEMU still has its connection to their sockets. */
    final Map<String, Boolean> devices = new TreeMap<>();

    Qemu(String name) {
      this.name = name;
    }
  }

  final Fulfilment fulfilment;
  final Map<String, Qemu> qemus = new TreeMap<>();
  final List<String> done = new ArrayList<>();

  /** What the initiator has of the appliance, with its epoch. */
  final Map<String, Long> held = new TreeMap<>();

  /** Sockets that are there. */
  final Set<String> sockets = new TreeSet<>();

  /** Hypervisors that somebody started by hand, by function. */
  final Set<String> strangers = new HashSet<>();

  private final Map<String, HoldingOrder> ordered = new HashMap<>();

  /** What is going to be told. */
  final List<Runnable> coming = new ArrayList<>();

  long nowNs = 5 * SECOND;
  private long revision;

  World(String... guests) {
    for (String guest : guests) {
      qemus.put(guest, new Qemu(guest));
    }
    fulfilment = new Fulfilment(this, List.of(guests), Fulfilment.STUCK_NS);
  }

  static HoldingOrder attach(String function, long epoch, String guest) {
    return order(function, epoch, HoldingOrder.Action.ATTACH, false, guest);
  }

  static HoldingOrder release(String function, long epoch, String guest, boolean forced) {
    return order(function, epoch, HoldingOrder.Action.RELEASE, forced, guest);
  }

  private static HoldingOrder order(
      String function, long epoch, HoldingOrder.Action action, boolean forced, String guest) {
    return new HoldingOrder(
        function, epoch, action, forced, guest, List.of("10.0.0.1"), 0, Qos.NONE);
  }

  void orders(HoldingOrder... orders) {
    ordered.clear();
    for (HoldingOrder order : orders) {
      ordered.put(order.function(), order);
    }
    fulfilment.orders(new InitiatorOrders(++revision, List.of(orders), List.of()), nowNs);
  }

  /** Everything is told that is coming, in order. */
  void settle() {
    for (int i = 0; i < 10_000 && !coming.isEmpty(); i++) {
      coming.removeFirst().run();
    }
    if (!coming.isEmpty()) {
      throw new AssertionError("it never comes to rest: " + done.reversed().subList(0, 20));
    }
  }

  /** Time goes by, and with it whatever is due. */
  void pass(long seconds) {
    long end = nowNs + seconds * SECOND;
    settle();
    for (int i = 0; i < 100_000; i++) {
      long dueNs = fulfilment.deadlineNs();
      if (dueNs > end) {
        nowNs = end;
        fulfilment.onTime(nowNs);
        settle();
        return;
      }
      nowNs = Math.max(nowNs, dueNs);
      fulfilment.onTime(nowNs);
      settle();
    }
    throw new AssertionError("always something due");
  }

  State state(String function) {
    return report(function).map(HoldingReport::state).orElse(null);
  }

  Optional<HoldingReport> report(String function) {
    return fulfilment.holdings(name -> Load.NONE).stream()
        .filter(each -> each.function().equals(function))
        .findFirst();
  }

  void see(String guest) {
    Qemu qemu = qemus.get(guest);
    Map<String, String> functions = new TreeMap<>();
    if (qemu.running) {
      qemu.devices.keySet().forEach(each -> functions.put(each, "rp"));
    }
    int free = qemu.running ? qemu.ports - functions.size() : 0;
    boolean running = qemu.running;
    coming.add(
        () ->
            fulfilment.onGuest(guest, running, running ? "QEMU" : "gone", functions, free, nowNs));
  }

  /** A QEMU ends: its devices go with it, and their connections. */
  void kill(String guest) {
    Qemu qemu = qemus.get(guest);
    qemu.running = false;
    List.copyOf(qemu.devices.keySet()).forEach(each -> disconnect(qemu, each));
    qemu.devices.clear();
    see(guest);
  }

  void boot(String guest) {
    qemus.get(guest).running = true;
    see(guest);
  }

  /** QEMU loses its connection to a socket for good. */
  void disconnect(Qemu qemu, String function) {
    if (Boolean.TRUE.equals(qemu.devices.get(function))) {
      qemu.devices.put(function, false);
      client(function, false);
    }
  }

  void client(String function, boolean connected) {
    coming.add(() -> fulfilment.onClient(function, connected, nowNs));
  }

  /** The guest lets go of a device, because it was asked or by itself. */
  void eject(Qemu qemu, String function) {
    if (qemu.devices.containsKey(function)) {
      disconnect(qemu, function);
      qemu.devices.remove(function);
      coming.add(() -> fulfilment.onDeleted(qemu.name, function, nowNs));
      see(qemu.name);
    }
  }

  @Override
  public void acquire(HoldingOrder order) {
    done.add("acquire " + order.function() + " " + order.epoch());
    if (held.put(order.function(), order.epoch()) != null) {
      throw new AssertionError("acquired twice: " + order.function());
    }
    String function = order.function();
    coming.add(
        () -> {
          if (Long.valueOf(order.epoch()).equals(held.get(function))) {
            sockets.add(function);
            fulfilment.onPresent(function, "-device " + function, nowNs);
          }
        });
  }

  @Override
  public void adjust(HoldingOrder order) {
    done.add("adjust " + order.function());
  }

  @Override
  public void letGo(String function, String cause) {
    done.add("let go " + function);
    if (held.remove(function) == null) {
      throw new AssertionError("given back twice: " + function);
    }
    sockets.remove(function);
    strangers.remove(function);
    qemus.values().forEach(qemu -> disconnect(qemu, function));
  }

  @Override
  public void plug(String guest, String function, int bootOrder) {
    done.add("plug " + guest + " " + function);
    Qemu qemu = qemus.get(guest);
    coming.add(
        () -> {
          if (!qemu.running) {
            fulfilment.onPlugFailed(guest, function, "QEMU is not there", nowNs);
          } else if (qemu.devices.containsKey(function)) {
            fulfilment.onPlugFailed(guest, function, "Duplicate device ID", nowNs);
          } else if (!sockets.contains(function)) {
            fulfilment.onPlugFailed(guest, function, "no such socket", nowNs);
          } else if (qemu.devices.size() >= qemu.ports) {
            fulfilment.onPlugFailed(guest, function, "no free pcie-root-port", nowNs);
          } else {
            qemu.devices.put(function, true);
            fulfilment.onClient(function, true, nowNs);
            fulfilment.onPlugged(guest, function, "rp", nowNs);
            see(guest);
          }
        });
  }

  @Override
  public void unplug(String guest, String function) {
    done.add("unplug " + guest + " " + function);
    Qemu qemu = qemus.get(guest);
    coming.add(
        () -> {
          if (qemu.running && qemu.obeys) {
            eject(qemu, function);
          }
        });
  }
}
