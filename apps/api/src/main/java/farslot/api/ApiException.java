package farslot.api;

import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A request that is not done, in words: what, why, and what to do next. */
public final class ApiException extends Exception {
  private final ApiError error;
  private final String what;
  private final String why;
  private final String next;

  /**
   * @param what does not happen
   * @param why "" when {@code what} says it
   * @param next what to do, best a command; "" when nobody knows
   */
  public ApiException(ApiError error, String what, String why, String next) {
    super(why.isEmpty() ? what : what + ": " + why);
    this.error = Objects.requireNonNull(error);
    this.what = what;
    this.why = why;
    this.next = next;
  }

  public ApiError error() {
    return error;
  }

  public String what() {
    return what;
  }

  public String why() {
    return why;
  }

  public String next() {
    return next;
  }

  /** As the answer to the request. */
  public ApiResponse response() {
    ObjectNode body = Json.object();
    body.putObject("error")
        .put("code", error.code())
        .put("what", what)
        .put("why", why)
        .put("next", next);
    return new ApiResponse(error.status(), body);
  }

  /** Out of an answer whose status says that it is an error. */
  public static ApiException of(ApiResponse response) {
    JsonNode told = response.body().path("error");
    String what = told.path("what").asString("the manager answers " + response.status());
    return new ApiException(
        ApiError.of(told.path("code").asString("")),
        what,
        told.path("why").asString(""),
        told.path("next").asString(""));
  }
}
