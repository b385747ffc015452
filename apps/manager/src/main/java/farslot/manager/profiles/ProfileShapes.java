package farslot.manager.profiles;

import farslot.api.Json;
import farslot.manager.engine.Shapes;
import farslot.manager.engine.View;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.BindingDocument;
import farslot.manager.model.ChangeDocument;
import farslot.manager.model.Document;
import farslot.manager.model.Fabric;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.GivenDocument;
import farslot.manager.model.Held;
import farslot.manager.model.IdentitiesDocument;
import farslot.manager.model.Paths;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.ProfileDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How what people write looks in the API, with what has become of it. */
final class ProfileShapes {
  private final View view;
  private final Fabric fabric;

  ProfileShapes(View view) {
    this.view = view;
    this.fabric = view.fabric();
  }

  /** All that a document says, and under {@code manifest} how a person would write it. */
  static ObjectNode plain(Document document) {
    ObjectNode shape = (ObjectNode) Json.tree(document);
    return shape.put("manifest", Manifest.write(document));
  }

  ObjectNode profile(ProfileDocument profile) {
    ObjectNode shape = plain(profile);
    Map<String, String> functions = new HashMap<>();
    for (Held<BindingDocument> each : fabric.all(BindingDocument.class).values()) {
      if (each.document().profile().equals(profile.name())) {
        functions.put(each.document().slot(), each.document().function());
      }
    }
    shape.put("place", WishCheck.place(profile));
    shape.put("state", state(profile, functions));
    ArrayNode bound = shape.putArray("bound");
    profile
        .slots()
        .forEach(
            slot -> {
              String function = functions.getOrDefault(slot.name(), "");
              ObjectNode entry = bound.addObject().put("slot", slot.name());
              entry.put("function", function);
              Optional<Held<AssignmentDocument>> assignment =
                  function.isEmpty() ? Optional.empty() : fabric.assignment(function);
              assignment.ifPresentOrElse(
                  each -> entry.set("assignment", Shapes.assignment(view, each)),
                  () -> entry.put("waiting", waiting(profile, function)));
            });
    change(profile.name()).ifPresent(each -> shape.set("change", change(each)));
    return shape;
  }

  /** Why a slot's function is with nobody; "" if nobody wants it. */
  private String waiting(ProfileDocument profile, String function) {
    if (profile.server().isEmpty()) {
      return "";
    }
    if (function.isEmpty()) {
      return "has no function: farslot apply it again";
    }
    return fabric.isFree(function) ? "is about to be given" : "has to be sanitised first";
  }

  /** In one word: applied nowhere, under way, as wanted, or not. */
  private String state(ProfileDocument profile, Map<String, String> functions) {
    if (change(profile.name()).isPresent()) {
      return "changing";
    }
    if (profile.server().isEmpty()) {
      return "detached";
    }
    boolean all =
        profile.slots().stream()
            .map(slot -> functions.getOrDefault(slot.name(), ""))
            .allMatch(function -> !function.isEmpty() && isAttached(profile, function));
    return all ? "attached" : "incomplete";
  }

  private boolean isAttached(ProfileDocument profile, String function) {
    return fabric
        .assignment(function)
        .map(Held::document)
        .filter(each -> each.phase() == AssignmentDocument.Phase.ATTACHED)
        .filter(each -> each.holder().equals(WishCheck.place(profile)))
        .isPresent();
  }

  private Optional<ChangeDocument> change(String profile) {
    return fabric.all(ChangeDocument.class).values().stream()
        .map(Held::document)
        .filter(each -> each.profiles().contains(profile))
        .findFirst();
  }

  private static ObjectNode change(ChangeDocument change) {
    ObjectNode shape = Json.object().put("id", change.id()).put("at-ms", change.atMs());
    shape.put("by", change.by()).put("forced", change.forced());
    return shape.set("profiles", Json.tree(change.profiles()));
  }

  ObjectNode pool(PoolDocument pool) {
    ObjectNode shape = plain(pool);
    List<FunctionDocument> members =
        fabric.all(FunctionDocument.class).values().stream()
            .map(Held::document)
            .filter(pool::fits)
            .toList();
    shape.put("members", members.size());
    shape.put(
        "free",
        members.stream()
            .map(FunctionDocument::path)
            .filter(each -> fabric.isFree(each) && fabric.binding(each).isEmpty())
            .filter(each -> !pool.spares().contains(each))
            .count());
    shape.put(
        "free-spares",
        pool.spares().stream()
            .filter(each -> fabric.get(Paths.function(each), FunctionDocument.class).isPresent())
            .filter(each -> fabric.isFree(each) && fabric.binding(each).isEmpty())
            .count());
    return shape;
  }

  ObjectNode identities(IdentitiesDocument identities) {
    ObjectNode shape = plain(identities);
    long first = identities.range().first();
    long next =
        fabric
            .get(Paths.given(identities.what(), identities.from()), GivenDocument.class)
            .map(each -> each.document().next())
            .orElse(first);
    long total = identities.range().last() - first + 1;
    long given = Math.min(total, next - first);
    return shape.put("total", total).put("given", given).put("left", total - given);
  }
}
