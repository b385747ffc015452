package farslot.manager.access;

import farslot.api.ApiException;
import farslot.api.ApiHandler;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.pki.Words;
import farslot.store.StateStore;
import farslot.store.StoreException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lets a handler answer, and records every change that was asked for, refused ones too. What agents
 * say of themselves is no change; that somebody is refused who says he is one, is recorded.
 */
final class Audited implements ApiHandler {
  private static final int BODY_CHARS_MAX = 1_000;
  private static final List<String> NOT_RECORDED = List.of("secret", "csr", "token");

  private final ApiHandler handler;
  private final Audit audit;
  private final StateStore store;
  private final InstantSource clock;

  Audited(ApiHandler handler, Audit audit, StateStore store, InstantSource clock) {
    this.handler = handler;
    this.audit = audit;
    this.store = store;
    this.clock = clock;
  }

  @Override
  public ApiResponse handle(ApiRequest request) throws ApiException, InterruptedException {
    boolean change = !request.method().equals("GET");
    try {
      ApiResponse response = handler.handle(request);
      if (change && !(isReport(request) && !response.isError())) {
        audit.write(record(request, response.status(), "done", ""));
      }
      return response;
    } catch (ApiException e) {
      if (change || isRefusal(e)) {
        audit.write(record(request, e.error().status(), e.error().code(), e.getMessage()));
      }
      throw e;
    } catch (RuntimeException e) {
      audit.write(record(request, 500, "failed", String.valueOf(e)));
      throw e;
    }
  }

  private static boolean isReport(ApiRequest request) {
    return request.path().startsWith("/api/v1/agents/");
  }

  private static boolean isRefusal(ApiException e) {
    return switch (e.error()) {
      case UNAUTHENTICATED, FORBIDDEN -> true;
      default -> false;
    };
  }

  /** Records that somebody was turned away before it was looked at what he asks for. */
  void refused(String from, ApiException e) {
    audit.write(
        new AuditRecord(
            0,
            clock.millis(),
            "anonymous",
            "",
            from,
            "any request",
            "",
            e.error().code(),
            Words.safe(e.getMessage()),
            e.error().status(),
            revision(),
            1));
  }

  private AuditRecord record(ApiRequest request, int status, String outcome, String why) {
    Caller caller = request.caller();
    return new AuditRecord(
        0,
        clock.millis(),
        who(caller),
        caller.tenant(),
        caller.from(),
        Words.safe(request.method() + " " + request.path()),
        body(request.body()),
        outcome,
        why,
        status,
        revision(),
        1);
  }

  static String who(Caller caller) {
    String kind = caller.kind().name().toLowerCase(Locale.ROOT);
    return switch (caller.kind()) {
      case LOCAL, ANONYMOUS -> kind;
      default -> kind + "/" + caller.name();
    };
  }

  private static String body(JsonNode body) {
    if (body.isMissingNode()) {
      return "";
    }
    JsonNode shown = body;
    if (body instanceof ObjectNode object) {
      ObjectNode copy = object.deepCopy();
      NOT_RECORDED.forEach(copy::remove);
      shown = copy;
    }
    String text = Json.text(shown);
    return text.length() <= BODY_CHARS_MAX ? text : text.substring(0, BODY_CHARS_MAX) + "...";
  }

  private long revision() {
    try {
      return store.revision();
    } catch (StoreException e) {
      return 0;
    }
  }
}
