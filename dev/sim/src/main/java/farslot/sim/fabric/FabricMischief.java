package farslot.sim.fabric;

import farslot.api.agent.ApplianceOrders;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.InitiatorReport;
import farslot.appliance.StateFiles;
import farslot.manager.engine.Part;
import farslot.store.StateStore;
import farslot.store.file.Disk;
import java.util.List;

/**
 * Where a deliberate bug gets in: around what agents hear and say, around disks, stores and what a
 * manager does besides. Does nothing by itself; what is under test knows nothing of it.
 */
class FabricMischief {
  static final FabricMischief NONE = new FabricMischief();

  /** A bug as it is in each world anew. */
  interface Maker {
    FabricMischief make(long seed);
  }

  /** What an appliance is told. */
  ApplianceOrders orders(String appliance, ApplianceOrders orders) {
    return orders;
  }

  /** What it says, having been told this last. */
  ApplianceReport report(ApplianceReport report, ApplianceOrders last) {
    return report;
  }

  /** What a server says. */
  InitiatorReport report(InitiatorReport report) {
    return report;
  }

  /** What an appliance decides by. */
  StateFiles files(String appliance, StateFiles files) {
    return files;
  }

  /** The manager's disk. */
  Disk disk(Disk disk) {
    return disk;
  }

  /** The manager's store. */
  StateStore store(StateStore store) {
    return store;
  }

  /** What a manager does besides assignments. */
  List<Part> parts() {
    return List.of();
  }

  /** Whether a card that shall be sanitised is. */
  boolean sanitises() {
    return true;
  }
}
