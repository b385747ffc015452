package farslot.appliance;

import farslot.api.agent.FunctionReport;
import farslot.function.Agent;
import farslot.function.PciFunction;
import farslot.function.Upkeep.Sanitise;
import farslot.link.AttachRefusal;
import farslot.link.AttachRequest;
import farslot.link.FunctionIdentity;
import farslot.link.LinkStream;
import farslot.link.Qos;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;

/**
 * A function under a manager: who may have it now, and what has to be done to it before anybody
 * gets it. While nobody has it, it is brought to what its grant says: sanitised, then given its
 * identity. On the data thread.
 */
final class Tenure implements Slot.Watcher {
  private static final Logger LOG = System.getLogger("farslot.appliance");

  /** What is done with what has been done. */
  interface Owner {
    /** A job is done, and on stable media; {@link Tenure#kept} follows when that is noted. */
    void sanitised(Tenure tenure, String job);

    /** What would be reported is another. */
    void changed();
  }

  /** A medium that fails may do better later. */
  private static final long RETRY_NS = 30_000_000_000L;

  private final Slot slot;
  private final Agent agent;
  private final Owner owner;
  private final Runnable settle = this::settle;
  private final Agent.Timer retry;
  private final Qos configuredQos;
  private Grant grant = Grant.NONE;

  /** What the function that is there was given. */
  private Map<String, String> identity = Map.of();

  /** For which function that is. */
  private PciFunction identified;

  /** The sanitising under way; 0 for none. Late ends of others count for nothing. */
  private long attempt;

  private long attempts;
  private boolean settling;
  private String problem = "";
  private String qosProblem = "";

  // As of the function that was there last.
  private long capacityBytes;
  private Map<String, String> knownAs = Map.of();
  private long operations;

  Tenure(Slot slot, Agent agent, Owner owner) {
    this.slot = slot;
    this.agent = agent;
    this.owner = owner;
    configuredQos = slot.qos();
    retry = agent.timer(settle);
    slot.watch(this);
  }

  String name() {
    return slot.name();
  }

  // ---- who may have it

  /** Whether this server may have it, by its grant. */
  Admission.Verdict judge(AttachRequest request, long highest) {
    long epoch = request.epoch();
    if (epoch != 0 && Long.compareUnsigned(epoch, Math.max(grant.floor(), grant.epoch())) < 0) {
      return refused(
          AttachRefusal.STALE_EPOCH,
          "assignment " + epoch + " is over; ask the manager who has it");
    }
    if (!grant.server().equals(request.peer().nodeName())) {
      String to = grant.server().isEmpty() ? "nobody" : "another server";
      return refused(AttachRefusal.NOT_ALLOWED, "the manager has assigned it to %s".formatted(to));
    }
    if (epoch == 0) {
      return refused(
          AttachRefusal.NOT_ALLOWED,
          "this appliance has a manager, and an initiator that does not: give it 'manager:', too");
    }
    if (epoch != grant.epoch()) {
      return refused(AttachRefusal.NOT_ALLOWED, "assignment " + epoch + " is not known here yet");
    }
    if (attempt != 0 || !grant.job().isEmpty()) {
      String why = problem.isEmpty() ? "it is being sanitised" : problem;
      return refused(AttachRefusal.NOT_READY, why);
    }
    return problem.isEmpty()
        ? new Admission.Verdict.Admitted(Math.max(grant.epoch(), highest + 1))
        : refused(AttachRefusal.NOT_READY, problem);
  }

  private static Admission.Verdict refused(AttachRefusal code, String text) {
    return new Admission.Verdict.Refused(code, text);
  }

  /** Another grant is about to count: who would lose it by that does so now. */
  void shut(Grant next) {
    if (!grant.sameOwner(next)) {
      grant = grant.shut();
      String cause =
          next.server().isEmpty()
              ? "the manager has taken it back"
              : "the manager has given it to '%s'".formatted(next.server());
      slot.takeAway(cause);
    }
  }

  /** A grant that is on the disk counts from now on. */
  void admit(Grant next) {
    if (!next.equals(grant)) {
      shut(next);
      grant = next;
      shape();
      settleSoon();
    }
  }

  // ---- what is done between servers

  @Override
  public void changed(Slot which) {
    if (slot.function() != null) {
      learn();
    }
    if (!slot.isPresent()) {
      attempt = 0; // What was begun may be half done: it begins anew.
    }
    shape();
    settleSoon();
    owner.changed();
  }

  private void learn() {
    PciFunction function = slot.function();
    if (identified != function) {
      identified = function;
      identity = Map.of();
    }
    capacityBytes = function.capacityBytes();
    knownAs = function.identity();
  }

  private void shape() {
    farslot.api.agent.Qos wanted = grant.qos();
    qosProblem = "";
    try {
      Qos qos =
          new Qos(
              wanted.committedBytesPerSecond(),
              wanted.peakBytesPerSecond(),
              wanted.burstBytes(),
              wanted.trafficClass());
      slot.qos(qos.isNone() ? configuredQos : qos);
    } catch (IllegalArgumentException e) {
      qosProblem = "its rate cannot be had: " + e.getMessage();
    }
  }

  /** In a turn of its own: a card may be in the middle of something when its server goes. */
  private void settleSoon() {
    if (!settling) {
      settling = true;
      agent.execute(settle);
    }
  }

  private void settle() {
    settling = false;
    if (!slot.isPresent() || slot.stream() != null || attempt != 0) {
      return;
    }
    retry.cancel();
    if (!grant.job().isEmpty()) {
      sanitise();
    } else {
      identify();
    }
  }

  private void sanitise() {
    Sanitise how;
    switch (grant.jobKind()) {
      case "format" -> how = Sanitise.FORMAT;
      case "identity" -> how = Sanitise.IDENTITY;
      default -> {
        problem("this version does not know how to sanitise by '" + grant.jobKind() + "'");
        return;
      }
    }
    String job = grant.job();
    long mine = ++attempts;
    attempt = mine;
    identity = Map.of();
    LOG.log(Level.INFO, "{0}: sanitising ({1}) begins", name(), job);
    slot.function().sanitise(how, why -> sanitised(mine, job, why));
  }

  private void sanitised(long which, String job, String why) {
    if (which != attempt) {
      return;
    }
    if (why.isEmpty()) {
      problem("");
      owner.sanitised(this, job); // Nobody may have it before that is on the disk.
    } else {
      LOG.log(Level.ERROR, "{0}: sanitising ({1}) failed: {2}", name(), job, why);
      failed("it could not be sanitised: " + why);
    }
  }

  /** It was noted, or it could not be. */
  void kept(String job, String why) {
    if (!why.isEmpty()) {
      failed("it has been sanitised, which cannot be recorded: " + why);
      return;
    }
    LOG.log(Level.INFO, "{0}: sanitised ({1})", name(), job);
    attempt = 0;
    grant = grant.done(job);
    learnAndTell();
    settleSoon();
  }

  private void failed(String why) {
    attempt = 0;
    retry.arm(RETRY_NS);
    problem(why);
  }

  private void identify() {
    if (identity.equals(grant.identity())) {
      problem("");
      return;
    }
    String why = slot.function().identify(grant.identity());
    if (why.isEmpty()) {
      identity = grant.identity();
      problem("");
      learnAndTell();
    } else {
      problem("its identity cannot be had: " + why);
    }
  }

  private void learnAndTell() {
    if (slot.function() != null) {
      learn();
    }
    owner.changed();
  }

  private void problem(String now) {
    if (!now.equals(problem)) {
      problem = now;
      owner.changed();
    }
  }

  // ---- facts

  /**
   * How it is.
   *
   * @param onDisk what is kept of its orders
   * @param highest epoch that it had on the wire
   * @param otherwise what is wrong if nothing is known to be wrong here
   */
  FunctionReport report(Grant onDisk, long highest, String otherwise) {
    FunctionIdentity pci = slot.identity();
    LinkStream stream = slot.stream();
    if (slot.function() != null) {
      operations = slot.function().operations();
    }
    return new FunctionReport(
        name(),
        slot.card(),
        pci == null ? "" : "%04x:%04x".formatted(pci.vendorId(), pci.deviceId()),
        pci == null ? 0 : pci.classCode(),
        capacityBytes,
        knownAs,
        slot.isPresent(),
        slot.absence(),
        onDisk.floor(),
        highest,
        stream == null ? "" : stream.session().peer().nodeName(),
        onDisk.sanitised(),
        !problem.isEmpty() ? problem : !qosProblem.isEmpty() ? qosProblem : otherwise,
        slot.carried().load(operations));
  }
}
