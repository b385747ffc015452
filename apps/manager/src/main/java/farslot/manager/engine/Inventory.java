package farslot.manager.engine;

import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.GuestReport;
import farslot.api.agent.InitiatorReport;
import farslot.api.agent.Report;
import farslot.manager.model.ApplianceDocument;
import farslot.manager.model.Document;
import farslot.manager.model.DocumentException;
import farslot.manager.model.Documents;
import farslot.manager.model.Fabric;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.ServerDocument;
import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.Compare;
import farslot.store.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What reports say that should be known also while those who say it are away: which appliances,
 * functions and servers there are.
 */
final class Inventory {
  private final Fabric fabric;
  private final List<Transaction> changes = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /** Looks what a report says that is new. */
  Inventory(Fabric fabric, Report report) {
    this.fabric = fabric;
    switch (report) {
      case ApplianceReport appliance -> appliance(appliance);
      case InitiatorReport initiator -> server(initiator);
    }
  }

  /** What it changes. */
  List<Transaction> changes() {
    return changes;
  }

  /** What of it cannot be recorded, in words; the rest is. */
  List<String> problems() {
    return problems;
  }

  private void appliance(ApplianceReport report) {
    String key = Paths.appliance(report.name());
    Optional<Held<ApplianceDocument>> held = fabric.get(key, ApplianceDocument.class);
    put(
        held,
        new ApplianceDocument(
            report.name(),
            report.addresses(),
            report.software(),
            held.map(each -> each.document().labels()).orElse(null)));
    Set<String> told = new HashSet<>();
    for (FunctionReport each : report.functions()) {
      told.add(Paths.function(report.name() + "/" + each.name()));
      function(report.name(), each);
    }
    String prefix = Paths.function(report.name() + "/");
    for (Held<FunctionDocument> each : fabric.of(prefix, FunctionDocument.class).values()) {
      String path = each.document().path();
      if (!told.contains(each.document().key()) && fabric.isFree(path)) {
        changes.add(removed(each));
      }
    }
  }

  private void function(String appliance, FunctionReport report) {
    String key = Paths.function(appliance + "/" + report.name());
    Optional<Held<FunctionDocument>> held = fabric.get(key, FunctionDocument.class);
    if (report.deviceId().isEmpty() && held.isPresent()) {
      return; // It has not come this time, and what it is was seen before.
    }
    put(
        held,
        new FunctionDocument(
            appliance,
            report.name(),
            report.card(),
            report.deviceId(),
            report.capacityBytes(),
            report.identity(),
            held.map(each -> each.document().tenant()).orElse("")));
  }

  private void server(InitiatorReport report) {
    Optional<Held<ServerDocument>> held =
        fabric.get(Paths.server(report.name()), ServerDocument.class);
    put(
        held,
        new ServerDocument(
            report.name(),
            report.guests().stream().map(GuestReport::name).toList(),
            held.map(each -> each.document().labels()).orElse(null)));
  }

  private void put(Optional<? extends Held<? extends Document>> held, Document next) {
    if (fabric.problems().containsKey(next.key())) {
      return; // A later version wrote more there than we would.
    }
    if (held.isPresent() && held.get().document().equals(next)) {
      return;
    }
    try {
      Bytes bytes = Documents.write(next); // Which checks its names, of which its key is made.
      long revision = held.map(Held::modRevision).orElse(0L);
      changes.add(
          Transaction.when(Compare.unchanged(next.key(), revision))
              .then(Action.put(next.key(), bytes)));
    } catch (DocumentException e) {
      problems.add(e.getMessage());
    }
  }

  /** Its appliance does not house it any more. */
  private static Transaction removed(Held<FunctionDocument> held) {
    String path = held.document().path();
    return Transaction.when(
            Compare.unchanged(held.document().key(), held.modRevision()),
            Compare.absent(Paths.assignment(path)),
            Compare.absent(Paths.sanitise(path)))
        .then(Action.delete(held.document().key()));
  }
}
