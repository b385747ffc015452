package farslot.api;

import java.util.Locale;

/** Kinds of failure: what they are in HTTP (RFC 9110, 15.5 and 15.6), and as an exit status. */
public enum ApiError {
  /** The request is not one. */
  BAD_REQUEST(400, 2),
  /** It is not known who asks. */
  UNAUTHENTICATED(401, 1),
  /** Who asks may not do that. */
  FORBIDDEN(403, 1),
  /** There is no such thing, or who asks may not see it. */
  NOT_FOUND(404, 3),
  /** Somebody else has it, or has changed it meanwhile. */
  CONFLICT(409, 4),
  /** What is asked for is forgotten; read anew. */
  GONE(410, 4),
  /** The request is too large. */
  TOO_LARGE(413, 2),
  /** Too much is asked at once; come back. */
  BUSY(429, 5),
  /** It broke. */
  FAILED(500, 1),
  /** Not now: the store or an agent cannot be reached. */
  UNAVAILABLE(503, 5),
  /** It took longer than it may. */
  TIMED_OUT(504, 6);

  private final int status;
  private final int exitCode;

  ApiError(int status, int exitCode) {
    this.status = status;
    this.exitCode = exitCode;
  }

  /** The HTTP status code. */
  public int status() {
    return status;
  }

  /** What a command ends with that met it. */
  public int exitCode() {
    return exitCode;
  }

  /** As it stands in an answer, such as {@code not-found}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The kind with this code; {@link #FAILED} for one that this version does not know. */
  public static ApiError of(String code) {
    for (ApiError error : values()) {
      if (error.code().equals(code)) {
        return error;
      }
    }
    return FAILED;
  }
}
