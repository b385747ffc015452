package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import java.time.Duration;

/** Queries of requests. */
public final class Queries {
  private Queries() {}

  /** A number from 0 on. */
  public static long number(ApiRequest request, String key, long otherwise) throws ApiException {
    String text = request.query(key);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!text.matches("\\d{1,18}")) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          "the request is refused",
          "'%s' should be a number, not '%s'".formatted(key, text),
          "");
    }
    return Long.parseLong(text);
  }

  /**
   * A time such as {@code 30s}.
   *
   * @param most what is more is as much
   * @return zero if it is not there
   */
  public static Duration time(ApiRequest request, String key, Duration most) throws ApiException {
    return Durations.read(key, request.query(key), most);
  }
}
