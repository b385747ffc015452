package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.api.Role;
import farslot.api.Router;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.AssignmentDocument.Phase;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.Terms;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Attach, detach, move. They answer when the change is recorded, with 202; with {@code wait} when
 * it has come to its end.
 */
final class AssignmentRoutes {
  private static final Duration WAIT_MAX = Duration.ofMinutes(10);
  private static final String FUNCTION = "/api/v1/functions/{appliance}/{name}";

  /** How a change ended. */
  private record End(boolean good, String why) {
    static final Optional<End> GOOD = Optional.of(new End(true, ""));
  }

  /** Whether a change has ended. */
  private interface Ended {
    Optional<End> look(Optional<Held<AssignmentDocument>> now);
  }

  private final Engine engine;
  private final Operations operations;

  AssignmentRoutes(Manager manager) {
    engine = manager.engine();
    operations = new Operations(manager);
  }

  void add(Router router) {
    router.on("POST", FUNCTION + "/attach", Role.OPERATOR, this::attach);
    router.on("POST", FUNCTION + "/detach", Role.OPERATOR, this::detach);
    router.on("POST", FUNCTION + "/move", Role.OPERATOR, this::move);
    router.on("POST", FUNCTION + "/terms", Role.OPERATOR, this::terms);
  }

  private static String path(Map<String, String> parts) {
    return parts.get("appliance") + "/" + parts.get("name");
  }

  private ApiResponse attach(ApiRequest request, Map<String, String> parts)
      throws ApiException, InterruptedException {
    String path = path(parts);
    Wishes.Attach wish = Json.read(request.body(), Wishes.Attach.class);
    Wishes.Place place = wish.place();
    Duration wait = Queries.time(request, "wait", WAIT_MAX);
    operations.attach(request.caller(), path, wish);
    return end(path, "attached", wait, now -> arrived(now, place));
  }

  /** Whether a function is where it shall be, or can get there no more. */
  private static Optional<End> arrived(Optional<Held<AssignmentDocument>> now, Wishes.Place place) {
    Optional<AssignmentDocument> at =
        now.map(Held::document)
            .filter(each -> each.server().equals(place.server()))
            .filter(each -> each.guest().equals(place.guest()))
            .filter(AssignmentDocument::stays);
    if (at.isEmpty()) {
      return Optional.of(new End(false, "somebody else has detached it meanwhile"));
    }
    return at.get().phase() == Phase.ATTACHED ? End.GOOD : Optional.empty();
  }

  private ApiResponse detach(ApiRequest request, Map<String, String> parts)
      throws ApiException, InterruptedException {
    String path = path(parts);
    Wishes.Detach wish =
        request.body().isMissingNode()
            ? Wishes.Detach.PLAIN
            : Json.read(request.body(), Wishes.Detach.class);
    Duration wait = Queries.time(request, "wait", WAIT_MAX);
    operations.detach(request.caller(), path, wish);
    long epoch = epoch(path);
    return end(path, "detached", wait, now -> gone(now, epoch));
  }

  private long epoch(String path) {
    return engine.look(view -> view.fabric().floor(path));
  }

  private static Optional<End> gone(Optional<Held<AssignmentDocument>> now, long epoch) {
    if (now.isEmpty()) {
      return End.GOOD;
    }
    AssignmentDocument document = now.get().document();
    if (!document.stays()) {
      return Optional.empty();
    }
    return document.epoch() > epoch
        ? End.GOOD // Somebody else has it already.
        : Optional.of(new End(false, document.problem()));
  }

  private ApiResponse move(ApiRequest request, Map<String, String> parts)
      throws ApiException, InterruptedException {
    String path = path(parts);
    Wishes.Move wish = Json.read(request.body(), Wishes.Move.class);
    Wishes.Place to = wish.place();
    Duration wait = Queries.time(request, "wait", WAIT_MAX);
    operations.move(request.caller(), path, wish);
    return end(path, "moved", wait, now -> moved(now, to));
  }

  private static Optional<End> moved(Optional<Held<AssignmentDocument>> now, Wishes.Place to) {
    Optional<AssignmentDocument> document = now.map(Held::document);
    if (document.isPresent() && !document.get().stays()) {
      return Optional.empty();
    }
    boolean here =
        document
            .filter(each -> each.server().equals(to.server()))
            .filter(each -> each.guest().equals(to.guest()))
            .isPresent();
    if (document.isPresent() && !here) {
      return Optional.of(new End(false, document.get().problem()));
    }
    return arrived(now, to);
  }

  /**
   * Body of {@code terms}.
   *
   * @param revision of the function as it was seen; 0 for whatever it is
   */
  record NewTerms(Terms terms, long revision) {}

  private ApiResponse terms(ApiRequest request, Map<String, String> parts)
      throws ApiException, InterruptedException {
    String path = path(parts);
    NewTerms wish = Json.read(request.body(), NewTerms.class);
    if (wish.terms() == null) {
      throw new ApiException(
          ApiError.BAD_REQUEST, "the request is refused", "'terms' is missing", "");
    }
    operations.terms(request.caller(), path, wish.terms(), wish.revision());
    return ApiResponse.ok(shape(path));
  }

  /** Answers at once, or when it has ended. */
  private ApiResponse end(String path, String done, Duration wait, Ended ended)
      throws ApiException, InterruptedException {
    Optional<End> end = engine.await(view -> ended.look(view.fabric().assignment(path)), wait);
    if (end.isEmpty() && wait.isZero()) {
      return ApiResponse.accepted(shape(path));
    }
    if (end.isEmpty()) {
      throw new ApiException(
          ApiError.TIMED_OUT,
          "%s is not %s yet".formatted(path, done),
          engine.look(view -> view.fabric().assignment(path).map(view::waiting).orElse("")),
          "it goes on: farslot describe " + path);
    }
    if (!end.get().good()) {
      throw failed(path, done, end.get().why());
    }
    return ApiResponse.ok(shape(path));
  }

  private ApiException failed(String path, String done, String why) {
    boolean guest =
        engine.look(
            view ->
                view.fabric()
                    .assignment(path)
                    .filter(each -> !each.document().guest().isEmpty())
                    .filter(each -> each.document().problem().equals(why))
                    .isPresent());
    return new ApiException(
        guest ? ApiError.TIMED_OUT : ApiError.CONFLICT,
        "%s is not %s".formatted(path, done),
        why,
        "farslot describe " + path + "; --force takes it without asking");
  }

  /** The assignment, or the function once nobody has it. */
  private tools.jackson.databind.JsonNode shape(String path) {
    return engine.look(
        view ->
            view.fabric()
                .assignment(path)
                .map(each -> Shapes.assignment(view, each))
                .or(
                    () ->
                        view.fabric()
                            .get(Paths.function(path), FunctionDocument.class)
                            .map(each -> Shapes.function(view, each, false)))
                .orElseGet(() -> Json.object().put("function", path)));
  }
}
