package farslot.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Finds who answers a request, and whether who asks may ask that at all. Patterns such as {@code
 * /api/v1/functions/{appliance}/{function}}: a part in braces takes any one part of a path. Routes
 * are added before the first request; after that it may be used by many threads.
 */
public final class Router implements ApiHandler {
  /** Answers a request whose path has been taken apart. */
  public interface Handler {
    /**
     * @param parts what stood where the pattern has braces
     */
    ApiResponse handle(ApiRequest request, Map<String, String> parts)
        throws ApiException, InterruptedException;
  }

  /**
   * What can be asked.
   *
   * @param pattern such as {@code /api/v1/functions/{appliance}/{function}}
   * @param least which role it needs
   */
  public record Question(String method, String pattern, Role least) {}

  private record Route(String method, List<String> pattern, Role least, Handler handler) {
    Question question() {
      return new Question(method, "/" + String.join("/", pattern), least);
    }
  }

  private final List<Route> routes = new ArrayList<>();

  /** All that can be asked, in the order in which it was added. */
  public List<Question> questions() {
    return routes.stream().map(Route::question).toList();
  }

  /**
   * Adds a route.
   *
   * @param least who has less than this role is refused; {@link Role#NONE} lets everybody in, and
   *     the handler decides
   */
  public Router on(String method, String pattern, Role least, Handler handler) {
    routes.add(new Route(method, parts(pattern), least, handler));
    return this;
  }

  /** Adds a route for {@code GET}, for viewers. */
  public Router get(String pattern, Handler handler) {
    return on("GET", pattern, Role.VIEWER, handler);
  }

  @Override
  public ApiResponse handle(ApiRequest request) throws ApiException, InterruptedException {
    if (request.path().codePoints().anyMatch(Router::isUnprintable)) {
      throw new ApiException(
          ApiError.BAD_REQUEST, "the request is refused", "its path has control characters", "");
    }
    List<String> path = parts(request.path());
    TreeSet<String> methods = new TreeSet<>();
    Route best = null;
    for (Route route : routes) {
      if (matches(route.pattern, path)) {
        methods.add(route.method);
        if (route.method.equals(request.method()) && (best == null || moreExact(route, best))) {
          best = route;
        }
      }
    }
    if (best != null) {
      require(request, best.least);
      return best.handler.handle(request, taken(best.pattern, path));
    }
    throw methods.isEmpty()
        ? new ApiException(
            ApiError.NOT_FOUND, "there is nothing at " + request.path(), "", "farslot --help")
        : new ApiException(
            ApiError.BAD_REQUEST,
            request.path() + " takes no " + request.method(),
            "it takes " + methods,
            "");
  }

  private static void require(ApiRequest request, Role least) throws ApiException {
    Caller caller = request.caller();
    if (caller.role().covers(least)) {
      return;
    }
    if (caller.kind() == Caller.Kind.ANONYMOUS) {
      throw new ApiException(
          ApiError.UNAUTHENTICATED,
          "%s %s is refused".formatted(request.method(), request.path()),
          "it is not known who asks: no client certificate came along",
          "farslot join, with a token from farslot ca token");
    }
    throw new ApiException(
        ApiError.FORBIDDEN,
        "%s %s is refused".formatted(request.method(), request.path()),
        "'%s' has the role %s, and this needs %s"
            .formatted(caller.name(), words(caller.role()), words(least)),
        "ask an admin of this fabric");
  }

  private static String words(Role role) {
    return role.name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Whether one names more parts than the other: {@code /x/status} goes before {@code /x/{name}}.
   */
  private static boolean moreExact(Route one, Route other) {
    return named(one) > named(other);
  }

  private static long named(Route route) {
    return route.pattern.stream().filter(each -> !isHole(each)).count();
  }

  /** Errors say a path as it was asked for: what a terminal would obey is in none. */
  private static boolean isUnprintable(int c) {
    int type = Character.getType(c);
    return Character.isISOControl(c)
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  private static boolean isHole(String part) {
    return part.startsWith("{");
  }

  private static List<String> parts(String path) {
    return List.of(path.replaceFirst("^/", "").split("/", -1));
  }

  private static boolean matches(List<String> pattern, List<String> path) {
    if (pattern.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < pattern.size(); i++) {
      boolean fits =
          isHole(pattern.get(i)) ? !path.get(i).isEmpty() : pattern.get(i).equals(path.get(i));
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> taken(List<String> pattern, List<String> path) {
    Map<String, String> taken = new HashMap<>();
    for (int i = 0; i < pattern.size(); i++) {
      String part = pattern.get(i);
      if (isHole(part)) {
        taken.put(part.substring(1, part.length() - 1), path.get(i));
      }
    }
    return taken;
  }
}
