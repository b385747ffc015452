package farslot.manager.access;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.api.Role;
import farslot.api.Router;
import farslot.pki.AuthorityDirectory;
import farslot.pki.AuthorityDirectory.Stage;
import farslot.pki.JoinToken;
import farslot.pki.Limits;
import farslot.pki.PeerName.Kind;
import farslot.pki.Pem;
import farslot.pki.PkiException;
import farslot.pki.Words;
import farslot.store.Transaction;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The authority: tokens, certificates, roll-over. For admins of the whole fabric. */
final class CaRoutes {
  /**
   * @param expiresSeconds 0 for as long as usual
   */
  record MakeToken(String kind, String name, Role role, String tenant, long expiresSeconds) {}

  /**
   * @param lifetimeDays 0 for as long as usual
   */
  record Sign(String kind, String name, String csr, List<String> hosts, long lifetimeDays) {
    Sign {
      csr = Objects.requireNonNullElse(csr, "");
      hosts = hosts == null ? List.of() : List.copyOf(hosts);
    }
  }

  /**
   * @param step {@code prepare}, {@code switch} or {@code finish}
   * @param force even if somebody is cut off
   */
  record Rotate(String step, boolean force) {
    Rotate {
      step = Objects.requireNonNullElse(step, "");
    }
  }

  private static final long LIFETIME_DAYS_MAX = 825;

  private final Access access;

  CaRoutes(Access access) {
    this.access = access;
  }

  void on(Router router) {
    router
        .get("/api/v1/ca", (request, parts) -> show())
        .on("POST", "/api/v1/ca/rotate", Role.ADMIN, (request, parts) -> rotate(request))
        .on("GET", "/api/v1/tokens", Role.ADMIN, (request, parts) -> tokens(request))
        .on("POST", "/api/v1/tokens", Role.ADMIN, (request, parts) -> makeToken(request))
        .on(
            "DELETE",
            "/api/v1/tokens/{id}",
            Role.ADMIN,
            (request, parts) -> withdraw(request, parts.get("id")))
        .on("GET", "/api/v1/certificates", Role.ADMIN, (request, parts) -> certificates(request))
        .on("POST", "/api/v1/certificates", Role.ADMIN, (request, parts) -> sign(request))
        .on(
            "DELETE",
            "/api/v1/certificates/{serial}",
            Role.ADMIN,
            (request, parts) -> revoke(request, parts.get("serial")));
  }

  private static void admin(ApiRequest request) throws ApiException {
    Tenancy.requireFabricAdmin(
        request.caller(), request.method() + " " + request.path() + " is refused");
  }

  private ObjectNode items() throws ApiException {
    try {
      return Json.object().put("revision", access.store().revision());
    } catch (farslot.store.StoreException e) {
      throw Records.failed(e);
    }
  }

  private ApiResponse show() throws ApiException {
    ObjectNode answer = Json.object();
    Certificates certificates = access.certificates();
    answer.put("built-in", certificates.hasAuthority());
    answer.put("denied", access.trust().denied().size());
    if (certificates.hasAuthority()) {
      answer.put("fabric", certificates.signer().fabric());
      answer.put("stage", word(stage()));
      ArrayNode authorities = answer.putArray("authorities");
      boolean signs = true;
      for (X509Certificate each : certificates.trusted()) {
        authorities
            .addObject()
            .put("subject", each.getSubjectX500Principal().getName())
            .put("fingerprint", Words.fingerprint(each))
            .put("expires-at-ms", each.getNotAfter().getTime())
            .put("signs", signs);
        signs = false;
      }
    }
    return ApiResponse.ok(answer);
  }

  private Stage stage() throws ApiException {
    try {
      return access.certificates().authorities().stage();
    } catch (PkiException e) {
      throw Certificates.api(e, ApiError.FAILED);
    }
  }

  private static String word(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }

  private ApiResponse tokens(ApiRequest request) throws ApiException {
    admin(request);
    ObjectNode answer = items();
    ArrayNode items = answer.putArray("items");
    for (Token each : access.tokens().all()) {
      ObjectNode item = (ObjectNode) Json.tree(each);
      item.remove("hash");
      items.add(Json.object().put("id", Token.id(each.hash())).setAll(item));
    }
    return ApiResponse.ok(answer);
  }

  private ApiResponse makeToken(ApiRequest request) throws ApiException {
    admin(request);
    MakeToken make = Json.read(request.body(), MakeToken.class);
    Duration lifetime =
        make.expiresSeconds() == 0
            ? Limits.TOKEN_LIFETIME
            : Duration.ofSeconds(make.expiresSeconds());
    JoinToken made =
        access
            .tokens()
            .make(
                new Member(make.kind(), make.name(), make.role(), make.tenant()),
                lifetime,
                access.certificates().signer().fingerprint(),
                Audited.who(request.caller()));
    ObjectNode answer =
        Json.object()
            .put("id", Token.id(JoinToken.hash(made.secret())))
            .put("kind", made.kind().word())
            .put("name", made.name())
            .put("token", made.text())
            .put("expires-at-ms", access.clock().instant().plus(lifetime).toEpochMilli());
    return ApiResponse.ok(answer);
  }

  private ApiResponse withdraw(ApiRequest request, String id) throws ApiException {
    admin(request);
    access.tokens().withdraw(id);
    return ApiResponse.ok(Json.object().put("withdrawn", id));
  }

  private ApiResponse certificates(ApiRequest request) throws ApiException {
    admin(request);
    ObjectNode answer = items();
    ArrayNode items = answer.putArray("items");
    access.certificates().all().forEach(each -> items.add(Json.tree(each)));
    return ApiResponse.ok(answer);
  }

  private ApiResponse sign(ApiRequest request) throws ApiException {
    admin(request);
    Sign sign = Json.read(request.body(), Sign.class);
    Kind kind = kindToSign(sign.kind());
    Members.name("name", sign.name());
    if (sign.lifetimeDays() < 0 || sign.lifetimeDays() > LIFETIME_DAYS_MAX) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          "nothing is signed",
          "'lifetime-days' should be 1 to " + LIFETIME_DAYS_MAX,
          "");
    }
    Duration lifetime =
        sign.lifetimeDays() == 0
            ? Limits.CERTIFICATE_LIFETIME
            : Duration.ofDays(sign.lifetimeDays());
    Certificates.Signed signed =
        access
            .certificates()
            .sign(
                Certificates.key(sign.csr()),
                kind,
                sign.name(),
                sign.hosts(),
                lifetime,
                Audited.who(request.caller()));
    Records.commit(access.store(), Transaction.of(signed.recorded()));
    ObjectNode answer = Json.object().put("certificate", Pem.write(List.of(signed.certificate())));
    answer.put("serial", Words.serial(signed.certificate().getSerialNumber()));
    answer.put("authorities", access.trust().authorities());
    return ApiResponse.ok(answer);
  }

  /** A manager on another machine is signed by hand; it never joins by a token. */
  private static Kind kindToSign(String word) throws ApiException {
    return Kind.MANAGER.word().equals(word) ? Kind.MANAGER : Members.kind(word);
  }

  private ApiResponse revoke(ApiRequest request, String serial) throws ApiException {
    admin(request);
    List<Issued> revoked = access.certificates().revokeSerial(serial);
    access.trustChanged();
    return ApiResponse.ok(revoked(revoked));
  }

  static ObjectNode revoked(List<Issued> revoked) {
    ObjectNode answer = Json.object();
    ArrayNode items = answer.putArray("items");
    revoked.forEach(each -> items.add(Json.tree(each)));
    return answer;
  }

  private synchronized ApiResponse rotate(ApiRequest request) throws ApiException {
    admin(request);
    Rotate rotate = Json.read(request.body(), Rotate.class);
    access.certificates().signer();
    access.recordNow(); // Files are changed, which no transaction holds.
    AuthorityDirectory authorities = access.certificates().authorities();
    try {
      switch (rotate.step()) {
        case "prepare" -> authorities.prepare(access.clock().instant());
        case "switch" -> authorities.switchOver();
        case "finish" -> {
          if (!rotate.force() && authorities.stage() == Stage.SWITCHED) {
            requireNobodyCutOff();
          }
          authorities.finish();
        }
        default ->
            throw new ApiException(
                ApiError.BAD_REQUEST,
                "'" + Words.safe(rotate.step()) + "' is no step of a roll-over",
                "the steps are prepare, switch and finish",
                "farslot ca rotate");
      }
    } catch (PkiException e) {
      throw Certificates.api(
          e, e.reason() == PkiException.Reason.KEY ? ApiError.CONFLICT : ApiError.FAILED);
    }
    access.trustChanged();
    return show();
  }

  /** Whoever's last certificate is of the former authority is out when that goes. */
  private void requireNobodyCutOff() throws ApiException {
    String signer = access.trust().signer();
    long nowMs = access.clock().millis();
    Map<String, Issued> newest = new HashMap<>();
    for (Issued each : access.certificates().all()) {
      if (each.revokedAtMs() == 0 && each.expiresAtMs() > nowMs) {
        newest.putIfAbsent(each.kind() + "/" + each.name(), each);
      }
    }
    List<String> cutOff = new ArrayList<>();
    newest.forEach(
        (who, issued) -> {
          if (!signer.startsWith(issued.authority())) {
            cutOff.add(who);
          }
        });
    if (!cutOff.isEmpty()) {
      cutOff.sort(null);
      throw new ApiException(
          ApiError.CONFLICT,
          "the former authority stays trusted",
          cutOff.size()
              + " have not renewed yet and would be cut off: "
              + String.join(", ", cutOff.subList(0, Math.min(10, cutOff.size()))),
          "wait until they have, revoke them, or: farslot ca rotate --force");
    }
  }
}
