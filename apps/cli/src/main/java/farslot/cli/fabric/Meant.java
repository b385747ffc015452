package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.cli.output.Near;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Adds to "there is no such thing" what is called nearly so. */
final class Meant {
  private static final Pattern MISSING =
      Pattern.compile("(?:there (?:is|are) no (server or guest|\\w+)|nothing is called) '([^']+)'");

  private Meant() {}

  /** The same error, with a suggestion for its reason if it has none and there is one. */
  static ApiException helped(ApiClient client, ApiException e) throws InterruptedException {
    Matcher missing = MISSING.matcher(e.what());
    if (e.error() != ApiError.NOT_FOUND || !e.why().isEmpty() || !missing.matches()) {
      return e;
    }
    try {
      List<String> names = new ArrayList<>();
      for (Kind kind : kinds(missing.group(1))) {
        for (JsonNode each : Items.of(client.get(kind.path()))) {
          names.add(kind.nameOf(each));
        }
      }
      Optional<String> near = Near.to(missing.group(2), names);
      return near.isEmpty()
          ? e
          : new ApiException(e.error(), e.what(), "there is '" + near.get() + "'", e.next());
    } catch (ApiException | IOException nobody) {
      return e; // It said no to this one; what it says of others does not matter.
    }
  }

  private static List<Kind> kinds(String word) throws ApiException {
    if (word == null) {
      return List.of(Kind.FUNCTION, Kind.SERVER, Kind.APPLIANCE, Kind.PROFILE);
    }
    return word.equals("server or guest")
        ? List.of(Kind.SERVER, Kind.GUEST)
        : List.of(Kind.of(word));
  }
}
