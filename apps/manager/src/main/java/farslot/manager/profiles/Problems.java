package farslot.manager.profiles;

import farslot.api.ApiError;
import farslot.api.ApiException;
import java.util.ArrayList;
import java.util.List;

/** What is in the way of a wish, so that a person hears of all of it at once. */
final class Problems {
  private final List<String> texts = new ArrayList<>();
  private ApiError kind;
  private String next = "";

  /**
   * Adds one.
   *
   * @param nextStep what to do about it; the first that is known is told
   */
  void add(ApiError error, String text, String nextStep) {
    kind = kind == null ? error : kind;
    next = next.isEmpty() ? nextStep : next;
    texts.add(text);
  }

  void throwIfAny() throws ApiException {
    if (!texts.isEmpty()) {
      throw new ApiException(kind, "nothing is changed", String.join("\n", texts), next);
    }
  }
}
