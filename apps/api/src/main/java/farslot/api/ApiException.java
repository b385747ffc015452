package farslot.api;

import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A request that is not done, in words: what, why, and what to do next. */
public final class ApiException extends Exception {
  private static final int CHARS_MAX = 2_000;

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
    super(printable(why.isEmpty() ? what : what + ": " + why));
    this.error = Objects.requireNonNull(error);
    this.what = printable(what);
    this.why = printable(why);
    this.next = printable(next);
  }

  /** Errors quote what was asked for: shortened, and without what a terminal would obey. */
  private static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    int from = 0;
    while (from < text.length() && printable.length() < CHARS_MAX) {
      int c = text.codePointAt(from);
      from += Character.charCount(c);
      int type = Character.getType(c);
      boolean obeyed =
          c != '\n'
              && (type == Character.CONTROL
                  || type == Character.FORMAT
                  || type == Character.SURROGATE);
      printable.appendCodePoint(obeyed ? '?' : c);
    }
    return from < text.length() ? printable + "..." : printable.toString();
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
