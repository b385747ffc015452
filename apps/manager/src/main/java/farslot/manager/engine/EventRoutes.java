package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.Router;
import farslot.manager.model.Document;
import farslot.manager.model.DocumentException;
import farslot.manager.model.Documents;
import farslot.manager.model.EventDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.store.CompactedException;
import farslot.store.Event;
import farslot.store.FutureRevisionException;
import farslot.store.KeyRange;
import farslot.store.StoreException;
import farslot.store.Watch;
import farslot.store.WatchBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What has happened ({@code events}), and what changes ({@code watch}). Both can be waited for, and
 * each item stands for itself, as a line of its own: the next request goes on behind the last
 * {@code revision}.
 */
final class EventRoutes {
  private static final Duration WAIT_MAX = Duration.ofSeconds(60);
  private static final int ITEMS = 100;
  private static final int ITEMS_MAX = 1000;

  private final Engine engine;

  EventRoutes(Manager manager) {
    engine = manager.engine();
  }

  void add(Router router) {
    router.get("/api/v1/events", this::events);
    router.get("/api/v1/watch", this::watch);
  }

  /**
   * {@code after}: only what was recorded after this revision; without it the last ones. {@code
   * subject}, {@code what}: only these. {@code wait}: for the first, if there is none.
   */
  private ApiResponse events(ApiRequest request, Map<String, String> parts)
      throws ApiException, InterruptedException {
    long after = Queries.number(request, "after", 0);
    boolean last = request.query("after").isEmpty();
    int limit = Math.clamp(Queries.number(request, "limit", ITEMS), 1, ITEMS_MAX);
    Duration wait = Queries.time(request, "wait", WAIT_MAX);
    Optional<ObjectNode> answer =
        engine.await(
            view -> {
              List<Held<EventDocument>> found =
                  engine.events(after).stream().filter(each -> fits(view, request, each)).toList();
              return found.isEmpty() && !wait.isZero()
                  ? Optional.empty()
                  : Optional.of(page(found, limit, last, view.fabric().revision()));
            },
            wait);
    return ApiResponse.ok(
        answer.orElseGet(
            () -> engine.look(view -> page(List.of(), 1, last, view.fabric().revision()))));
  }

  private static ObjectNode page(
      List<Held<EventDocument>> found, int limit, boolean last, long revision) {
    int from = last ? Math.max(0, found.size() - limit) : 0;
    int to = Math.min(found.size(), from + limit);
    // A revision's events come together: who asks for what is behind it has seen them all.
    while (to > 0 && to < found.size() && revision(found, to) == revision(found, to - 1)) {
      to++;
    }
    ObjectNode body = Json.object();
    body.put("revision", to < found.size() ? revision(found, to - 1) : revision);
    ArrayNode items = body.putArray("items");
    found.subList(from, to).forEach(each -> items.add(Shapes.event(each)));
    return body;
  }

  private static long revision(List<Held<EventDocument>> found, int at) {
    return found.get(at).modRevision();
  }

  private static boolean fits(View view, ApiRequest request, Held<EventDocument> held) {
    EventDocument event = held.document();
    String subject = request.query("subject");
    String what = request.query("what");
    return (subject.isEmpty() || subject.equals(event.subject()))
        && (what.isEmpty() || what.equals(event.what()))
        && sees(view, request.caller(), event);
  }

  private static boolean sees(View view, Caller caller, EventDocument event) {
    if (caller.tenant().isEmpty()) {
      return true;
    }
    String subject = event.subject();
    if (subject.indexOf('/') < 0) {
      return event.by().equals(caller.name()); // Of an agent, a user, a profile.
    }
    boolean others =
        view.fabric()
            .assignment(subject)
            .filter(each -> !Sight.assignment(view, caller, each.document()))
            .isPresent();
    return !others && Sight.function(view, caller, subject);
  }

  /**
   * {@code from}: the first revision that is told; without it what comes after this request. {@code
   * wait}: for the first change.
   */
  private ApiResponse watch(ApiRequest request, Map<String, String> parts)
      throws ApiException, InterruptedException {
    long from = Queries.number(request, "from", 0);
    Duration wait = Queries.time(request, "wait", WAIT_MAX);
    long deadlineNs = System.nanoTime() + wait.toNanos();
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    try (Watch watch = engine.store().watch(KeyRange.all(), from)) {
      WatchBatch batch;
      do {
        Duration left = Duration.ofNanos(Math.max(0, deadlineNs - System.nanoTime()));
        batch = watch.next(left);
        for (Event each : batch.events()) {
          change(request.caller(), each).ifPresent(items::add);
        }
      } while (items.isEmpty() && System.nanoTime() - deadlineNs < 0);
      return ApiResponse.ok(body.put("revision", batch.revision()));
    } catch (CompactedException e) {
      throw new ApiException(
          ApiError.GONE,
          "changes from revision " + from + " on are forgotten",
          e.getMessage(),
          "read anew, then watch from behind the revision of what was read");
    } catch (FutureRevisionException e) {
      throw new ApiException(
          ApiError.BAD_REQUEST, "the request is refused", e.getMessage(), "leave out 'from'");
    } catch (StoreException e) {
      throw Manager.unavailable(e);
    }
  }

  /** A change as who asks may see it. */
  private Optional<ObjectNode> change(Caller caller, Event event) {
    String key = event.key();
    ObjectNode shape = Json.object().put("revision", event.revision());
    shape.put("type", event instanceof Event.Put ? "put" : "delete");
    if (Paths.PRESENCE.contains(key)) {
      String[] agent = key.substring(Paths.PRESENCE.from().length()).split("/", 2);
      shape.put("kind", "presence").put("key", agent[0] + "/" + agent[1]);
      return caller.tenant().isEmpty() ? Optional.of(shape) : Optional.empty();
    }
    int second = key.indexOf('/', 1);
    if (second < 0 || !isWatched(key)) {
      return Optional.empty();
    }
    shape.put("kind", kind(key)).put("key", key.substring(second + 1));
    if (event instanceof Event.Put put) {
      try {
        Document document = Documents.read(put.item(), Document.class);
        if (!sees(caller, document)) {
          return Optional.empty();
        }
        shape.set("object", Json.tree(document));
      } catch (DocumentException e) {
        if (!caller.tenant().isEmpty()) {
          return Optional.empty();
        }
        shape.put("problem", e.getMessage());
      }
    } else if (!caller.tenant().isEmpty() && !seesDeleted(caller, key)) {
      return Optional.empty();
    }
    return Optional.of(shape);
  }

  private static boolean isWatched(String key) {
    return !Paths.EPOCHS.contains(key) && WATCHED.stream().anyMatch(each -> each.contains(key));
  }

  private static final List<KeyRange> WATCHED =
      List.of(
          Paths.APPLIANCES,
          Paths.FUNCTIONS,
          Paths.SERVERS,
          Paths.ASSIGNMENTS,
          Paths.SANITISE,
          Paths.PROFILES,
          Paths.POOLS,
          Paths.EVENTS);

  /** {@code /assignments/x} is of kind {@code assignment}. */
  private static String kind(String key) {
    String folder = key.substring(1, key.indexOf('/', 1));
    return folder.endsWith("s") ? folder.substring(0, folder.length() - 1) : folder;
  }

  private boolean sees(Caller caller, Document document) {
    return engine.look(
        view ->
            switch (document) {
              case EventDocument event -> sees(view, caller, event);
              default -> Sight.document(view, caller, document);
            });
  }

  private boolean seesDeleted(Caller caller, String key) {
    return Paths.functionOf(key)
        .map(path -> engine.look(view -> Sight.function(view, caller, path)))
        .orElse(false);
  }
}
