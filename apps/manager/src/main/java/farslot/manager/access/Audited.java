package farslot.manager.access;

import farslot.api.ApiError;
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
  private static final int TEXT_CHARS_MAX = 1_000;
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
    boolean recorded = !request.method().equals("GET") && !isReport(request);
    AuditEntry entry = new AuditEntry(record(request));
    try {
      ApiResponse response =
          recorded ? entry.during(() -> handler.handle(request)) : handler.handle(request);
      if (recorded) {
        end(entry, "done", "", response.status());
      }
      return response;
    } catch (ApiException e) {
      if (recorded || isReport(request) || isRefusal(e)) {
        end(entry, e.error().code(), e.getMessage(), e.error().status());
      }
      throw e;
    } catch (RuntimeException e) {
      end(entry, ApiError.FAILED.code(), String.valueOf(e), ApiError.FAILED.status());
      throw e;
    }
  }

  private void end(AuditEntry entry, String outcome, String why, int status) {
    audit.write(entry.ended(outcome, shortened(why), status, revision()));
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

  /** Records that somebody was turned away before what he asks for could be looked at. */
  void refused(Caller caller, String what, ApiException e) {
    AuditEntry entry = new AuditEntry(record(caller, what, ""));
    end(entry, e.error().code(), e.getMessage(), e.error().status());
  }

  private AuditRecord record(ApiRequest request) {
    return record(request.caller(), request.method() + " " + request.path(), body(request.body()));
  }

  private AuditRecord record(Caller caller, String what, String body) {
    return new AuditRecord(
        0,
        clock.millis(),
        who(caller),
        caller.tenant(),
        caller.from(),
        Words.safe(what),
        body,
        "",
        "",
        0,
        0,
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
    return shortened(Json.text(shown));
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "...";
  }

  private long revision() {
    try {
      return store.revision();
    } catch (StoreException e) {
      return 0;
    }
  }
}
