package farslot.link;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Who has which function, over all sessions of an acceptor: one holder each. */
final class Holders {
  private final Map<String, AttachRequest> byFunction = new HashMap<>();

  /** The request that was granted, or is being considered. */
  Optional<AttachRequest> holder(String functionName) {
    return Optional.ofNullable(byFunction.get(functionName));
  }

  void take(AttachRequest request) {
    byFunction.put(request.functionName(), request);
  }

  void release(AttachRequest request) {
    byFunction.remove(request.functionName(), request);
  }
}
