package farslot.sim.fabric;

import farslot.api.ApiException;
import farslot.api.Json;
import farslot.manager.model.Paths;
import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.StateStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** A manager that records something else than it should. */
final class ManagerBugs {
  private ManagerBugs() {}

  private static FabricMischief recording(RewritingStore.Rewriting rewriting) {
    return new FabricMischief() {
      @Override
      StateStore store(StateStore store) {
        return new RewritingStore(store, rewriting);
      }
    };
  }

  /** Who leaves unasked, because its server is away, is taken for gone. */
  static FabricMischief leaseFences(SplittableRandom random) {
    return recording(put -> Optional.of(assignment(put, spec -> unfenced(spec, false))));
  }

  /** Who is taken away by force is taken for gone. */
  static FabricMischief forceFences(SplittableRandom random) {
    return recording(put -> Optional.of(assignment(put, spec -> unfenced(spec, true))));
  }

  private static void unfenced(ObjectNode spec, boolean forced) {
    boolean fenced = spec.path("phase").asString("").equals("fenced");
    String next = spec.path("leaving").path("server").asString("");
    boolean force = spec.path("leaving").path("forced").asBoolean(false);
    if (fenced && force == forced && !next.isEmpty()) {
      String guest = spec.path("leaving").path("guest").asString("");
      spec.put("phase", "granted").put("server", next).put("guest", guest);
      spec.putNull("leaving");
    }
  }

  static FabricMischief epochReused(SplittableRandom random) {
    Map<String, Long> epochs = new HashMap<>();
    return recording(
        put ->
            Paths.EPOCHS.contains(put.key())
                ? Optional.empty()
                : Optional.of(assignment(put, spec -> reuse(epochs, put.key(), spec))));
  }

  private static void reuse(Map<String, Long> epochs, String key, ObjectNode spec) {
    if (spec.path("phase").asString("").equals("assigned")) {
      Long before = epochs.putIfAbsent(key, spec.path("epoch").asLong());
      if (before != null) {
        spec.put("epoch", before);
      }
    }
  }

  static FabricMischief sanitiseForgotten(SplittableRandom random) {
    return recording(
        put -> Paths.SANITISE.contains(put.key()) ? Optional.empty() : Optional.of(put));
  }

  private static Action.Put assignment(Action.Put put, Consumer<ObjectNode> change) {
    if (!Paths.ASSIGNMENTS.contains(put.key())) {
      return put;
    }
    try {
      ObjectNode all = (ObjectNode) Json.parse(put.value().utf8());
      change.accept((ObjectNode) all.get("spec"));
      return new Action.Put(put.key(), Bytes.utf8(Json.text(all)), put.lease());
    } catch (ApiException e) {
      throw new IllegalStateException(e);
    }
  }
}
