package farslot.manager.engine;

import farslot.api.agent.AgentKind;
import farslot.api.agent.ApplianceOrders;
import farslot.api.agent.FunctionOrder;
import farslot.api.agent.HoldingOrder;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.Orders;
import farslot.manager.model.ApplianceDocument;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.AssignmentDocument.Phase;
import farslot.manager.model.Fabric;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Paths;
import farslot.manager.model.SanitiseDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * What every agent is told. It follows from the documents alone, so it is the same after a restart;
 * an order is made anew when a document changes that it comes from.
 */
final class OrderBooks {
  /** The orders of one agent. */
  private static final class Book<O> {
    final TreeMap<String, O> orders = new TreeMap<>();
    long revision;

    /** Whether that was anything new. */
    boolean put(String function, O order) {
      O before = order == null ? orders.remove(function) : orders.put(function, order);
      return order == null ? before != null : !order.equals(before);
    }
  }

  private final Map<String, Book<FunctionOrder>> appliances = new HashMap<>();
  private final Map<String, Book<HoldingOrder>> servers = new HashMap<>();

  /** In whose book a function is. */
  private final Map<String, String> serverOf = new HashMap<>();

  private final TreeSet<String> revoked = new TreeSet<>();
  private final BiConsumer<AgentKind, String> changed;
  private long begunRevision;

  /**
   * @param changed hears whose orders are others now
   */
  OrderBooks(BiConsumer<AgentKind, String> changed) {
    this.changed = changed;
  }

  /** Makes all orders anew. */
  void begin(Fabric fabric) {
    begunRevision = fabric.revision();
    appliances.clear();
    servers.clear();
    serverOf.clear();
    revoked.clear();
    revoked.addAll(fabric.revoked());
    TreeSet<String> functions = new TreeSet<>();
    fabric.all(FunctionDocument.class).values().forEach(e -> functions.add(e.document().path()));
    fabric
        .all(AssignmentDocument.class)
        .values()
        .forEach(each -> functions.add(each.document().function()));
    fabric.later().forEach(each -> functions.add(each.function()));
    functions.forEach(each -> touch(fabric, each));
  }

  /** A key has changed, as a watch tells. */
  void touchKey(Fabric fabric, String key) {
    if (Paths.REVOKED.contains(key)) {
      revoke(fabric);
    } else if (Paths.APPLIANCES.contains(key)) {
      touchAppliance(fabric, key.substring(Paths.APPLIANCES.from().length()));
    } else {
      Paths.functionOf(key).ifPresent(function -> touch(fabric, function));
    }
  }

  /** Where an appliance is reached has changed. */
  private void touchAppliance(Fabric fabric, String appliance) {
    List<String> had =
        serverOf.keySet().stream().filter(each -> each.startsWith(appliance + "/")).toList();
    had.forEach(each -> touch(fabric, each));
  }

  private void revoke(Fabric fabric) {
    revoked.clear();
    revoked.addAll(fabric.revoked());
    begunRevision = fabric.revision();
    appliances.forEach((name, book) -> changed(fabric, AgentKind.APPLIANCE, name, book));
    servers.forEach((name, book) -> changed(fabric, AgentKind.INITIATOR, name, book));
  }

  private void touch(Fabric fabric, String function) {
    int slash = function.indexOf('/');
    String appliance = function.substring(0, slash);
    String name = function.substring(slash + 1);
    Book<FunctionOrder> book = appliances.computeIfAbsent(appliance, _ -> new Book<>());
    if (book.put(name, functionOrder(fabric, function, name).orElse(null))) {
      changed(fabric, AgentKind.APPLIANCE, appliance, book);
    }
    Optional<AssignmentDocument> assignment = assignment(fabric, function);
    Optional<HoldingOrder> order = assignment.flatMap(each -> holdingOrder(fabric, each));
    String server = order.isPresent() ? assignment.get().server() : null;
    String before = server == null ? serverOf.remove(function) : serverOf.put(function, server);
    if (before != null && !before.equals(server)) {
      putHolding(fabric, before, function, null);
    }
    if (server != null) {
      putHolding(fabric, server, function, order.get());
    }
  }

  private void putHolding(Fabric fabric, String server, String function, HoldingOrder order) {
    Book<HoldingOrder> book = servers.computeIfAbsent(server, _ -> new Book<>());
    if (book.put(function, order)) {
      changed(fabric, AgentKind.INITIATOR, server, book);
    }
  }

  private void changed(Fabric fabric, AgentKind kind, String name, Book<?> book) {
    book.revision = fabric.revision();
    changed.accept(kind, name);
  }

  private static Optional<AssignmentDocument> assignment(Fabric fabric, String function) {
    return fabric.owner(function);
  }

  private static Optional<FunctionOrder> functionOrder(
      Fabric fabric, String function, String name) {
    Optional<AssignmentDocument> assignment = assignment(fabric, function);
    boolean known = fabric.get(Paths.function(function), FunctionDocument.class).isPresent();
    long floor = fabric.floor(function);
    if (assignment.isEmpty() && (!known || floor == 0)) {
      return Optional.empty(); // Never assigned: nobody may have it, and nobody has to be shut out.
    }
    String sanitise =
        fabric
            .get(Paths.sanitise(function), SanitiseDocument.class)
            .map(each -> each.document().order())
            .orElse("");
    boolean open = assignment.isPresent() && assignment.get().phase() != Phase.FENCED;
    if (!open) {
      return Optional.of(new FunctionOrder(name, floor, "", 0, null, null, sanitise));
    }
    AssignmentDocument had = assignment.get();
    return Optional.of(
        new FunctionOrder(
            name,
            had.epoch(),
            had.server(),
            had.epoch(),
            had.terms().identity(),
            had.terms().rate(),
            ""));
  }

  /** What its server is told: nothing before the appliance lets it in, nor once it is shut out. */
  private static Optional<HoldingOrder> holdingOrder(Fabric fabric, AssignmentDocument had) {
    if (had.phase() == Phase.ASSIGNED || had.phase() == Phase.FENCED) {
      return Optional.empty();
    }
    String appliance = had.function().substring(0, had.function().indexOf('/'));
    List<String> addresses =
        fabric
            .get(Paths.appliance(appliance), ApplianceDocument.class)
            .map(each -> each.document().addresses())
            .orElse(List.of());
    boolean leaves = had.phase() == Phase.DRAINING;
    return Optional.of(
        new HoldingOrder(
            had.function(),
            had.epoch(),
            leaves ? HoldingOrder.Action.RELEASE : HoldingOrder.Action.ATTACH,
            leaves && had.leaving().forced(),
            had.guest(),
            addresses,
            had.terms().bootOrder(),
            had.terms().rate()));
  }

  /** What an agent is told. */
  Orders orders(AgentKind kind, String name) {
    return switch (kind) {
      case APPLIANCE -> {
        Book<FunctionOrder> book = appliances.getOrDefault(name, new Book<>());
        yield new ApplianceOrders(
            revision(kind, name), List.copyOf(book.orders.values()), List.copyOf(revoked));
      }
      case INITIATOR -> {
        Book<HoldingOrder> book = servers.getOrDefault(name, new Book<>());
        yield new InitiatorOrders(
            revision(kind, name), List.copyOf(book.orders.values()), List.copyOf(revoked));
      }
    };
  }

  /** Of an agent's orders. */
  long revision(AgentKind kind, String name) {
    Book<?> book = kind == AgentKind.APPLIANCE ? appliances.get(name) : servers.get(name);
    return Math.max(begunRevision, book == null ? 0 : book.revision);
  }
}
