package farslot.api;

import tools.jackson.databind.JsonNode;

/**
 * What it answers.
 *
 * @param status as in HTTP
 */
public record ApiResponse(int status, JsonNode body) {
  public static final int OK_STATUS = 200;

  /** Taken on, not done yet. */
  public static final int ACCEPTED_STATUS = 202;

  /** Done. */
  public static ApiResponse ok(JsonNode body) {
    return new ApiResponse(OK_STATUS, body);
  }

  /** Taken on; how far it is can be asked. */
  public static ApiResponse accepted(JsonNode body) {
    return new ApiResponse(ACCEPTED_STATUS, body);
  }

  public boolean isError() {
    return status >= 400;
  }
}
