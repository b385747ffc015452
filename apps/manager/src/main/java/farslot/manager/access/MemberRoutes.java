package farslot.manager.access;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.Role;
import farslot.api.Router;
import farslot.pki.PeerName.Kind;
import farslot.pki.Words;
import farslot.store.StoreException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Who is in, with which role and tenant; who one is oneself; and what everybody has changed. */
final class MemberRoutes {
  /**
   * @param role null to leave it, as is {@code tenant}
   */
  record Change(Role role, String tenant) {}

  private static final int AUDIT_LIMIT = 100;
  private static final int AUDIT_LIMIT_MAX = 1_000;

  private final Access access;

  MemberRoutes(Access access) {
    this.access = access;
  }

  void on(Router router) {
    router
        .on("GET", "/api/v1/whoami", Role.NONE, (request, parts) -> whoami(request.caller()))
        .on("GET", "/api/v1/users", Role.ADMIN, (request, parts) -> users(request))
        .on("GET", "/api/v1/users/{name}", Role.ADMIN, this::user)
        .on("GET", "/api/v1/members", Role.ADMIN, (request, parts) -> list(request))
        .on("PUT", "/api/v1/members/{kind}/{name}", Role.ADMIN, this::change)
        .on("DELETE", "/api/v1/members/{kind}/{name}", Role.ADMIN, this::remove)
        .on("GET", "/api/v1/audit", Role.ADMIN, (request, parts) -> audit(request));
  }

  private static void admin(ApiRequest request) throws ApiException {
    Tenancy.requireFabricAdmin(
        request.caller(), request.method() + " " + request.path() + " is refused");
  }

  private static ApiResponse whoami(Caller caller) {
    return ApiResponse.ok(
        Json.object()
            .put("who", Audited.who(caller))
            .put("role", caller.role().name().toLowerCase(Locale.ROOT))
            .put("tenant", caller.tenant())
            .put("from", caller.from()));
  }

  private ApiResponse list(ApiRequest request) throws ApiException {
    admin(request);
    ObjectNode answer = Json.object().put("revision", revision());
    ArrayNode items = answer.putArray("items");
    access.members().all().forEach(each -> items.add(Json.tree(each)));
    return ApiResponse.ok(answer);
  }

  /** People alone. */
  private ApiResponse users(ApiRequest request) throws ApiException {
    admin(request);
    ObjectNode answer = Json.object().put("revision", revision());
    ArrayNode items = answer.putArray("items");
    for (Member each : access.members().all()) {
      if (each.kind().equals(Kind.USER.word())) {
        items.add(shown(each));
      }
    }
    return ApiResponse.ok(answer);
  }

  private static ObjectNode shown(Member user) {
    ObjectNode shown = (ObjectNode) Json.tree(user);
    return shown.put("state", user.role() == Role.NONE ? "refused" : "ok");
  }

  private ApiResponse user(ApiRequest request, Map<String, String> parts) throws ApiException {
    admin(request);
    String name = Members.name("name", parts.get("name"));
    Member member =
        access
            .members()
            .get(Kind.USER, name)
            .orElseThrow(
                () ->
                    new ApiException(
                        ApiError.NOT_FOUND,
                        "there is no user '" + name + "'",
                        "",
                        "farslot ca list"));
    return ApiResponse.ok(shown(member));
  }

  private long revision() throws ApiException {
    try {
      return access.store().revision();
    } catch (StoreException e) {
      throw Records.failed(e);
    }
  }

  private ApiResponse change(ApiRequest request, Map<String, String> parts) throws ApiException {
    admin(request);
    Kind kind = Members.kind(parts.get("kind"));
    String name = Members.name("name", parts.get("name"));
    Change change = Json.read(request.body(), Change.class);
    Optional<Member> was = access.members().get(kind, name);
    if (was.isEmpty() && access.members().all().size() >= AccessLimits.MEMBERS_MAX) {
      throw new ApiException(
          ApiError.CONFLICT,
          "nobody is added",
          "there are " + AccessLimits.MEMBERS_MAX + " members already",
          "revoke who is not needed");
    }
    Role role = change.role() != null ? change.role() : was.map(Member::role).orElse(Role.NONE);
    String tenant = change.tenant() != null ? change.tenant() : was.map(Member::tenant).orElse("");
    Member member = new Member(kind.word(), name, role, tenant);
    access.members().put(member);
    return ApiResponse.ok(Json.tree(member));
  }

  /** He is nobody from now on, and none of his certificates counts. */
  private ApiResponse remove(ApiRequest request, Map<String, String> parts) throws ApiException {
    admin(request);
    Kind kind = Members.kind(parts.get("kind"));
    String name = Members.name("name", parts.get("name"));
    Optional<Member> member = access.members().get(kind, name);
    boolean known =
        access.certificates().all().stream()
            .anyMatch(each -> each.kind().equals(kind.word()) && each.name().equals(name));
    if (member.isEmpty() && !known) {
      throw new ApiException(
          ApiError.NOT_FOUND,
          "there is no " + Words.safe(kind.word() + "/" + name),
          "it is no member, and no certificate was signed for it",
          "farslot ca list");
    }
    Member gone = member.orElse(new Member(kind.word(), name, Role.NONE, ""));
    List<Issued> revoked =
        access
            .certificates()
            .revokeMember(kind.word(), name, List.of(access.members().deleting(gone)));
    access.trustChanged();
    return ApiResponse.ok(CaRoutes.revoked(revoked));
  }

  private ApiResponse audit(ApiRequest request) throws ApiException {
    admin(request);
    int limit = (int) number(request, "limit", AUDIT_LIMIT, AUDIT_LIMIT_MAX);
    long from = number(request, "from", 0, Long.MAX_VALUE);
    ObjectNode answer = Json.object().put("revision", revision());
    ArrayNode items = answer.putArray("items");
    access.audit().read(from, limit).forEach(each -> items.add(Json.tree(each)));
    return ApiResponse.ok(answer);
  }

  private static long number(ApiRequest request, String key, long otherwise, long max)
      throws ApiException {
    String text = request.query(key);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!text.matches("\\d{1,18}") || Long.parseLong(text) < 1 || Long.parseLong(text) > max) {
      throw new ApiException(ApiError.BAD_REQUEST, "'" + key + "' should be 1 to " + max, "", "");
    }
    return Long.parseLong(text);
  }
}
