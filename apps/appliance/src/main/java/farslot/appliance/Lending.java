package farslot.appliance;

import farslot.function.Agent;
import farslot.function.PciFunction;
import farslot.link.AttachHandler;
import farslot.link.LinkStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What an {@link Appliance} under a manager decides, without the sockets, threads and files around
 * it: who may have which function. For whoever brings those, such as a simulator. All on one
 * thread.
 */
public final class Lending {
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final Management management;
  private final Assignments assignments;

  /**
   * As after a start of its process.
   *
   * @param name the appliance's
   * @param instance another one after each start
   * @param addresses where initiators reach it
   * @param functions kinds of card by name of function
   * @param files what the last life has left
   * @param agent its data thread. While {@link Management#obey} or {@link Management#report} runs,
   *     what those execute has to run at once: they wait for it
   * @param disk where waiting for the disk is allowed
   * @throws IOException if the files cannot be used
   */
  public Lending(
      String name,
      String instance,
      Supplier<List<String>> addresses,
      Map<String, String> functions,
      StateFiles files,
      Agent agent,
      Executor disk)
      throws IOException {
    EpochStore epochs = new EpochStore(files);
    functions.forEach((function, card) -> slots.put(function, new Slot(function, card, agent)));
    epochs.reserve(slots.keySet());
    Management.Self self = new Management.Self(name, instance, addresses, "");
    management = new Management(self, slots.values(), epochs, new Grants(files), agent, disk);
    assignments = new Assignments(slots, epochs, management, disk, agent::execute);
  }

  /** Who answers what initiators ask for. */
  public AttachHandler attachHandler() {
    return assignments;
  }

  /** Who speaks with the manager. */
  public Management management() {
    return management;
  }

  /** A function's card is there. */
  public void present(String function, PciFunction what) {
    slots.get(function).present(what);
  }

  /** A function's card has gone. */
  public void absent(String function, String cause) {
    slots.get(function).absent(cause);
  }

  /** The stream to the server that has a function just now. */
  public Optional<LinkStream> stream(String function) {
    return Optional.ofNullable(slots.get(function).stream());
  }
}
