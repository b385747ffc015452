package farslot.appliance;

import farslot.function.Agent;
import farslot.function.FunctionSpec;
import farslot.function.PciFunction;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.function.faults.FaultInjector;
import farslot.link.FunctionIdentity;
import farslot.link.LinkStream;
import farslot.link.Qos;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A place for one function: a name under which it is lent, and the function or the reason why there
 * is none. Joins the function's endpoint to the streams that lead to servers, one after the other.
 * On the data thread, once that runs.
 */
final class Slot implements FaultInjector.Presence {
  /** Who wants to know when a function has come, gone, got a server or lost it. */
  interface Watcher {
    void changed(Slot slot);
  }

  private final String name;
  private final String card;
  private final Agent agent;
  private final Carried carried = new Carried();
  private Watcher watcher = slot -> {};

  /** The function's endpoint, and what can be made to go wrong with it. Null without function. */
  private FaultInjector endpoint;

  private PciFunction function;
  private FunctionIdentity identity;
  private LinkStream stream;
  private Qos qos = Qos.NONE;
  private String absence;
  private boolean failed;

  /** The function is there, but a fault hides it. */
  private boolean away;

  private boolean assigning;

  /**
   * @param card its kind
   */
  Slot(String name, String card, Agent agent) {
    this.name = name;
    this.card = card;
    this.agent = agent;
    absence = "its card has not come yet";
  }

  /** The function is there. */
  void present(PciFunction what) {
    if (endpoint != null) {
      throw new IllegalStateException(name + " is present already");
    }
    FunctionSpec spec = what.spec();
    identity =
        new FunctionIdentity(
            spec.vendorId(),
            spec.deviceId(),
            spec.classCode(),
            spec.revisionId(),
            spec.subsystemVendorId(),
            spec.subsystemId(),
            spec.serialNumber());
    function = what;
    endpoint = new FaultInjector(new FunctionEndpoint(what, agent), agent, this);
    absence = "";
    watcher.changed(this);
  }

  /** One at most; told from now on. */
  void watch(Watcher by) {
    watcher = by;
  }

  /** The server that has it just now loses it. */
  void takeAway(String cause) {
    if (stream != null) {
      stream.detach(cause);
      endpoint.disconnect();
      down();
    }
  }

  /** The function is not there any more, or there is another reason now why it is not. */
  void absent(String cause) {
    absence = cause;
    if (endpoint != null) {
      if (stream != null) {
        stream.detach(cause);
      }
      unplug();
    }
    watcher.changed(this);
  }

  /** A fault takes the function away, though the card stays. */
  @Override
  public void away(String cause) {
    absence = cause;
    away = true;
    takeAway(cause);
    watcher.changed(this);
  }

  @Override
  public void back() {
    away = false;
    absence = "";
    watcher.changed(this);
  }

  /**
   * Where the TLPs of a stream go, and what can be made to go wrong with them; null while there is
   * no function.
   */
  FaultInjector endpoint() {
    return endpoint;
  }

  /** There is no card, and none will come. */
  void fail(String why) {
    absence = why;
    failed = true;
  }

  String name() {
    return name;
  }

  /** The kind of card that it is of. */
  String card() {
    return card;
  }

  /** The function, or null while there is none. */
  PciFunction function() {
    return function;
  }

  /** What all its streams have carried. */
  Carried carried() {
    return carried;
  }

  /** Whether it can be lent, now or when it is free. */
  boolean isPresent() {
    return endpoint != null && !away;
  }

  /** Whether there is no card, and none will come. */
  boolean hasFailed() {
    return failed;
  }

  /** Why there is no function; empty while there is one. */
  String absence() {
    return absence;
  }

  /** Of the function that is there, or was there last; null before. */
  FunctionIdentity identity() {
    return identity;
  }

  /** Whether a server is being given this slot just now. */
  boolean assigning() {
    return assigning;
  }

  void assigning(boolean now) {
    assigning = now;
  }

  /** The stream to the server that has it, or null. */
  LinkStream stream() {
    return stream;
  }

  /** For people who ask how things are. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("function", name);
    facts.put("state", state());
    if (!isPresent()) {
      facts.put("cause", absence);
    } else {
      facts.put("card", identity.toString());
    }
    if (endpoint != null && !endpoint.facts().isEmpty()) {
      facts.put("faults", endpoint.facts());
    }
    if (function != null && !function.counts().isEmpty()) {
      facts.put("counted", function.counts());
    }
    if (stream != null) {
      facts.put("holder", stream.session().peer().nodeName());
      facts.put("epoch", stream.epoch());
    }
    return facts;
  }

  private String state() {
    if (!isPresent()) {
      return failed ? "failed" : "absent";
    }
    return stream != null ? "lent" : "free";
  }

  Qos qos() {
    return qos;
  }

  /** What its function may send to whoever has it, from now on. */
  void qos(Qos qos) {
    this.qos = qos;
    if (stream != null) {
      stream.qos(qos);
    }
  }

  void connect(LinkStream to) {
    stream = to;
    to.qos(qos);
    carried.begin(to);
    endpoint.connect(to);
    watcher.changed(this);
  }

  @Override
  public void down() {
    if (stream != null) {
      stream = null;
      carried.end();
      watcher.changed(this);
    }
  }

  /** The slot is being emptied. */
  void unplug() {
    if (endpoint != null) {
      FaultInjector leaving = endpoint;
      stream = null;
      carried.end();
      away = false;
      endpoint = null;
      function = null;
      leaving.unplug();
    }
  }
}
