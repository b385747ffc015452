package farslot.appliance;

import farslot.api.agent.FunctionOrder;
import farslot.api.agent.Qos;
import java.util.Map;
import java.util.Objects;

/**
 * Who may have a function, by the last order of the manager that counts.
 *
 * @param floor who comes with a lower assignment epoch is shut out
 * @param server who may have it; "" for nobody
 * @param epoch of its assignment; 0 for nobody
 * @param identity given to it; empty for its own
 * @param qos how much it may carry
 * @param sanitise what is to be done to it, {@code JOB:KIND}; "" for nothing
 * @param sanitised the last job that is done; "" for none
 */
record Grant(
    long floor,
    String server,
    long epoch,
    Map<String, String> identity,
    Qos qos,
    String sanitise,
    String sanitised) {
  /** Nobody may have it, and nobody ever might. */
  static final Grant NONE = new Grant(0, "", 0, Map.of(), Qos.NONE, "", "");

  Grant {
    server = Objects.requireNonNullElse(server, "");
    identity = identity == null ? Map.of() : Map.copyOf(identity);
    qos = Objects.requireNonNullElse(qos, Qos.NONE);
    sanitise = Objects.requireNonNullElse(sanitise, "");
    sanitised = Objects.requireNonNullElse(sanitised, "");
  }

  /** What comes of an order; one that a later one has overtaken changes nothing. */
  Grant after(FunctionOrder order) {
    if (order.floor() < floor) {
      return this;
    }
    boolean somebody = !order.server().isEmpty() && order.epoch() >= order.floor();
    return new Grant(
        order.floor(),
        somebody ? order.server() : "",
        somebody ? order.epoch() : 0,
        order.identity(),
        order.qos(),
        order.sanitise(),
        sanitised);
  }

  /** What is left when no order names it any more: its floor, and that nobody may have it. */
  Grant withoutOrder() {
    return new Grant(floor, "", 0, Map.of(), Qos.NONE, "", sanitised);
  }

  /** The same, with nobody who may have it: until the disk knows who may. */
  Grant shut() {
    return new Grant(floor, "", 0, identity, qos, sanitise, sanitised);
  }

  Grant done(String job) {
    return new Grant(floor, server, epoch, identity, qos, sanitise, job);
  }

  /** Whether who had it under the one has it under the other. */
  boolean sameOwner(Grant other) {
    return server.equals(other.server) && epoch == other.epoch;
  }

  /** The highest epoch that nobody may come with. */
  long shutOut() {
    return server.isEmpty() ? floor : floor - 1;
  }

  /** The job that is to be done and is not; "" for none. */
  String job() {
    int colon = sanitise.lastIndexOf(':');
    String job = colon < 0 ? sanitise : sanitise.substring(0, colon);
    return job.equals(sanitised) ? "" : job;
  }

  /** What that job is, as the order says. */
  String jobKind() {
    return sanitise.substring(sanitise.lastIndexOf(':') + 1);
  }
}
