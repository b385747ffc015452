package farslot.appliance;

import farslot.function.FunctionEndpoint;
import farslot.function.FunctionSpec;
import farslot.function.PciFunction;
import farslot.link.FunctionIdentity;
import farslot.link.LinkStream;
import farslot.pcie.TlpIn;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A slot: a name, and a card or the reason why there is none. Between its function's endpoint and
 * the streams that lead to servers, one after the other.
 */
final class Slot implements TlpIn {
  private final String name;
  private final PciFunction function;
  private final FunctionEndpoint endpoint;
  private final FunctionIdentity identity;
  private final String failure;
  private LinkStream stream;
  private boolean assigning;

  private Slot(
      String name,
      PciFunction function,
      FunctionEndpoint endpoint,
      FunctionIdentity identity,
      String failure) {
    this.name = name;
    this.function = function;
    this.endpoint = endpoint;
    this.identity = identity;
    this.failure = failure;
  }

  static Slot of(String name, FunctionEndpoint endpoint, PciFunction function) {
    FunctionSpec spec = function.spec();
    FunctionIdentity identity =
        new FunctionIdentity(
            spec.vendorId(),
            spec.deviceId(),
            spec.classCode(),
            spec.revisionId(),
            spec.subsystemVendorId(),
            spec.subsystemId(),
            spec.serialNumber());
    return new Slot(name, function, endpoint, identity, null);
  }

  /** A slot whose card could not be made. */
  static Slot failed(String name, String why) {
    return new Slot(name, null, null, null, why);
  }

  String name() {
    return name;
  }

  /** Why there is no card, or null. */
  String failure() {
    return failure;
  }

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
    facts.put("state", failure != null ? "failed" : stream != null ? "lent" : "free");
    if (failure != null) {
      facts.put("cause", failure);
    } else {
      facts.put("card", identity.toString());
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

  void connect(LinkStream to) {
    stream = to;
    endpoint.connect(to);
  }

  private void disconnect() {
    if (stream != null) {
      stream = null;
      endpoint.disconnect();
    }
  }

  void unplug() {
    if (endpoint != null) {
      stream = null;
      endpoint.unplug();
    }
  }

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    endpoint.onTlp(segment, offset, tlpBytes);
  }

  @Override
  public void onRoom() {
    endpoint.onRoom();
  }

  @Override
  public void onHotReset() {
    endpoint.onHotReset();
  }

  @Override
  public void onPush(long address, MemorySegment segment, long offset, int bytes, boolean steady) {
    endpoint.onPush(address, segment, offset, bytes, steady);
  }

  @Override
  public void onStalePush(long address, int bytes) {
    endpoint.onStalePush(address, bytes);
  }

  @Override
  public void onRevoke() {
    endpoint.onRevoke();
  }

  @Override
  public void onDown() {
    disconnect();
  }
}
