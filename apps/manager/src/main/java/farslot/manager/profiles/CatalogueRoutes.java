package farslot.manager.profiles;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.api.Role;
import farslot.api.Router;
import farslot.manager.engine.Engine;
import farslot.manager.engine.Manager;
import farslot.manager.engine.Queries;
import farslot.manager.engine.View;
import farslot.manager.model.Document;
import farslot.manager.model.Held;
import farslot.manager.model.IdentitiesDocument;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.TemplateDocument;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What people have written: all of a kind, or one, with what has become of it; and its end. */
final class CatalogueRoutes {
  private final Engine engine;
  private final Applying applying;

  CatalogueRoutes(Manager manager, Applying applying) {
    this.engine = manager.engine();
    this.applying = applying;
  }

  void add(Router router) {
    add(router, "profiles", "profile", ProfileDocument.class);
    add(router, "templates", "template", TemplateDocument.class);
    add(router, "pools", "pool", PoolDocument.class);
    add(router, "identities", "identities", IdentitiesDocument.class);
  }

  private <T extends Document> void add(
      Router router, String path, String kind, Class<T> documents) {
    String one = "/api/v1/" + path + "/{name}";
    router.get("/api/v1/" + path, (request, _) -> list(request, documents));
    router.get(one, (request, parts) -> one(request, kind, parts.get("name"), documents));
    router.on(
        "DELETE",
        one,
        Role.OPERATOR,
        (request, parts) -> delete(request, "/" + path + "/" + parts.get("name")));
  }

  private <T extends Document> ApiResponse list(ApiRequest request, Class<T> kind) {
    return engine.look(
        view -> {
          ObjectNode body = Json.object().put("revision", view.fabric().revision());
          ArrayNode items = body.putArray("items");
          seen(view, request, kind).map(each -> shape(view, each)).forEach(items::add);
          return ApiResponse.ok(body);
        });
  }

  private static <T extends Document> Stream<Held<T>> seen(
      View view, ApiRequest request, Class<T> kind) {
    return view.fabric().all(kind).values().stream()
        .filter(each -> request.caller().sees(WishCheck.tenant(each.document())));
  }

  private <T extends Document> ApiResponse one(
      ApiRequest request, String kind, String name, Class<T> documents) throws ApiException {
    return ApiResponse.ok(
        engine.ask(
            view ->
                shape(
                    view,
                    seen(view, request, documents)
                        .filter(each -> each.document().key().endsWith("/" + name))
                        .findFirst()
                        .orElseThrow(() -> none(kind, name)))));
  }

  private static ObjectNode shape(View view, Held<? extends Document> held) {
    ProfileShapes shapes = new ProfileShapes(view);
    ObjectNode shape =
        switch (held.document()) {
          case ProfileDocument profile -> shapes.profile(profile);
          case PoolDocument pool -> shapes.pool(pool);
          case IdentitiesDocument identities -> shapes.identities(identities);
          default -> ProfileShapes.plain(held.document());
        };
    return shape.put("revision", held.modRevision());
  }

  private ApiResponse delete(ApiRequest request, String key)
      throws ApiException, InterruptedException {
    boolean force = Boolean.parseBoolean(request.query("force"));
    Wish wish = new Wish(List.of(), Set.of(key), Set.of(), force);
    return applying.apply(
        request,
        Queries.number(request, "revision", 0),
        false,
        (_, planner, asker) -> planner.plan(wish, asker));
  }

  static ApiException none(String kind, String name) {
    return new ApiException(
        ApiError.NOT_FOUND,
        "there is no %s '%s'".formatted(kind, name),
        "",
        "farslot get " + (kind.endsWith("s") ? kind : kind + "s"));
  }
}
