package farslot.manager.access;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.Role;
import farslot.api.Router;
import farslot.pki.Limits;
import farslot.pki.PeerName.Kind;
import farslot.pki.Pem;
import farslot.pki.Words;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import java.security.PublicKey;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/** Coming in by a token, and staying in by renewing. */
final class JoinRoutes {
  private static final int SECRET_CHARS_MAX = 100;

  /**
   * @param kind for which the token is, as is {@code name}
   * @param hosts names and addresses at which a server is reached
   */
  record Join(String kind, String name, String secret, String csr, List<String> hosts) {
    Join {
      kind = Objects.requireNonNullElse(kind, "");
      name = Objects.requireNonNullElse(name, "");
      secret = Objects.requireNonNullElse(secret, "");
      csr = Objects.requireNonNullElse(csr, "");
      hosts = hosts == null ? List.of() : List.copyOf(hosts);
    }
  }

  /**
   * @param hosts as before, or others
   */
  record Renew(String csr, List<String> hosts) {
    Renew {
      csr = Objects.requireNonNullElse(csr, "");
      hosts = hosts == null ? List.of() : List.copyOf(hosts);
    }
  }

  private final Access access;

  JoinRoutes(Access access) {
    this.access = access;
  }

  void on(Router router) {
    router
        .on("POST", "/api/v1/join", Role.NONE, (request, parts) -> join(request))
        .on("GET", "/api/v1/pki/trust", Role.NONE, (request, parts) -> trust())
        .on("POST", "/api/v1/pki/renew", Role.NONE, (request, parts) -> renew(request));
  }

  private ApiResponse join(ApiRequest request) throws ApiException {
    Join join = Json.read(request.body(), Join.class);
    if (join.secret().length() > SECRET_CHARS_MAX) {
      throw Tokens.refused("it is none that a manager makes", join.kind(), join.name());
    }
    Tokens.Usable usable =
        access.tokens().usable(join.secret(), join.kind(), join.name(), request.caller().from());
    Member member = usable.token().member();
    Kind kind = Members.kind(member.kind());
    PublicKey key = Certificates.key(join.csr());
    Certificates.Signed signed =
        access
            .certificates()
            .sign(
                key,
                kind,
                member.name(),
                kind == Kind.APPLIANCE ? join.hosts() : List.of(),
                Limits.CERTIFICATE_LIFETIME,
                "token of " + usable.token().by());
    // The token is used, the member made and the certificate remembered, or none of it; of two who
    // come with one token at the same time, one is refused.
    TransactionResult result =
        Records.commit(
            access.store(),
            Transaction.when(usable.unchanged())
                .then(usable.used(), access.members().putting(member), signed.recorded()));
    if (!result.succeeded()) {
      throw Tokens.refused(
          "somebody else has used it at this very moment, and it works once",
          join.kind(),
          join.name());
    }
    return ApiResponse.ok(answer(signed));
  }

  private ObjectNode answer(Certificates.Signed signed) throws ApiException {
    Trust trust = access.trust();
    ObjectNode answer = Json.object();
    answer.put("fabric", access.certificates().signer().fabric());
    answer.put("certificate", Pem.write(List.of(signed.certificate())));
    answer.set("trust", Json.tree(trust));
    return answer;
  }

  private ApiResponse trust() {
    return ApiResponse.ok(Json.tree(access.trust()));
  }

  private ApiResponse renew(ApiRequest request) throws ApiException {
    Renew renew = Json.read(request.body(), Renew.class);
    Caller caller = request.caller();
    Kind kind =
        switch (caller.kind()) {
          case USER -> Kind.USER;
          case APPLIANCE -> Kind.APPLIANCE;
          case INITIATOR -> Kind.INITIATOR;
          case LOCAL, ANONYMOUS ->
              throw new ApiException(
                  ApiError.BAD_REQUEST,
                  "nothing is renewed",
                  "a certificate is renewed by its owner, over a connection that shows it",
                  "farslot ca renew");
        };
    if (access.members().get(kind, caller.name()).isEmpty()) {
      throw new ApiException(
          ApiError.FORBIDDEN,
          "nothing is renewed for " + Words.safe(kind.word() + "/" + caller.name()),
          "it is no member of this fabric, or not any more",
          "let it join: 'farslot ca token --kind %s --name %s'"
              .formatted(kind.word(), caller.name()));
    }
    Certificates.Signed signed =
        access
            .certificates()
            .sign(
                Certificates.key(renew.csr()),
                kind,
                caller.name(),
                kind == Kind.APPLIANCE ? renew.hosts() : List.of(),
                Limits.CERTIFICATE_LIFETIME,
                "renewed");
    Records.commit(access.store(), Transaction.of(signed.recorded()));
    return ApiResponse.ok(answer(signed));
  }
}
