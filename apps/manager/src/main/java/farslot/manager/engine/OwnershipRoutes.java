package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.api.Role;
import farslot.api.Router;
import farslot.manager.access.Tenancy;
import java.util.Map;

/**
 * What only admins of the whole fabric may do to a function: say whose it is, and give it out
 * although it has not been sanitised.
 */
final class OwnershipRoutes {
  private static final String FUNCTION = "/api/v1/functions/{appliance}/{name}";

  /**
   * Body of {@code tenant}.
   *
   * @param tenant "" for everybody's
   */
  record Owner(String tenant, long revision) {}

  private final Engine engine;
  private final Operations operations;

  OwnershipRoutes(Manager manager) {
    engine = manager.engine();
    operations = new Operations(manager);
  }

  void add(Router router) {
    router.on("POST", FUNCTION + "/tenant", Role.ADMIN, this::tenant);
    router.on("POST", FUNCTION + "/skip-sanitise", Role.ADMIN, this::skip);
  }

  private static String path(Map<String, String> parts) {
    return parts.get("appliance") + "/" + parts.get("name");
  }

  private ApiResponse tenant(ApiRequest request, Map<String, String> parts) throws ApiException {
    String path = path(parts);
    Tenancy.requireFabricAdmin(request.caller(), path + " is not given to a tenant");
    Owner owner = Json.read(request.body(), Owner.class);
    if (owner.tenant() == null) {
      throw new ApiException(
          ApiError.BAD_REQUEST, "the request is refused", "'tenant' is missing", "");
    }
    operations.own(request.caller(), path, owner.tenant(), owner.revision());
    return shape(request, path);
  }

  private ApiResponse skip(ApiRequest request, Map<String, String> parts) throws ApiException {
    String path = path(parts);
    Tenancy.requireFabricAdmin(request.caller(), path + " is not given out unsanitised");
    operations.skipSanitise(request.caller(), path);
    return shape(request, path);
  }

  private ApiResponse shape(ApiRequest request, String path) throws ApiException {
    return ApiResponse.ok(
        engine.ask(
            view ->
                Shapes.function(view, Sight.requireFunction(view, request.caller(), path), false)));
  }
}
