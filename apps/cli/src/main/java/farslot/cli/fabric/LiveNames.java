package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.cli.about.Completion.Candidate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/** Names of what there is just now, for who is typing one. */
public final class LiveNames {
  /** Nobody waits longer for a suggestion. */
  private static final long WAIT_MS = 700;

  private LiveNames() {}

  /**
   * Names that fit a parameter; none if the manager is away or slow.
   *
   * @param label the parameter's, in the help
   * @param before words before it
   */
  public static List<Candidate> of(String label, List<String> before) {
    if (label.equals("KIND")) {
      return kinds();
    }
    AtomicReference<List<Candidate>> found = new AtomicReference<>(List.of());
    Thread asking =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (ApiClient client = new ManagerOption().connect()) {
                    found.set(ask(client, label, before));
                  } catch (ApiException | IOException | RuntimeException e) {
                    // Then there are no suggestions.
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    try {
      asking.join(java.time.Duration.of(WAIT_MS, TimeUnit.MILLISECONDS.toChronoUnit()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return found.get();
  }

  private static List<Candidate> kinds() {
    return Arrays.stream(Kind.values()).map(each -> new Candidate(each.word(), "")).toList();
  }

  private static List<Candidate> ask(ApiClient client, String label, List<String> before)
      throws ApiException, IOException, InterruptedException {
    List<Candidate> found = new ArrayList<>();
    for (Kind kind : fitting(label, before)) {
      for (JsonNode each : Items.of(client.get(kind.path()))) {
        found.add(new Candidate(kind.nameOf(each), about(kind, each)));
      }
    }
    return found;
  }

  private static List<Kind> fitting(String label, List<String> before) throws ApiException {
    return switch (label) {
      case "FUNCTION" -> List.of(Kind.FUNCTION);
      case "SERVER[/GUEST]" -> List.of(Kind.SERVER, Kind.GUEST);
      case "SERVER|APPLIANCE" -> List.of(Kind.SERVER, Kind.APPLIANCE);
      case "SERVER" -> List.of(Kind.SERVER);
      case "APPLIANCE" -> List.of(Kind.APPLIANCE);
      case "PROFILE" -> List.of(Kind.PROFILE);
      case "POOL" -> List.of(Kind.POOL);
      case "TEMPLATE" -> List.of(Kind.TEMPLATE);
      case "NAME" -> before.isEmpty() ? List.of() : List.of(Kind.of(before.getFirst()));
      case "[KIND] NAME", "[KIND] NAME..." ->
          before.isEmpty()
              ? List.of(Kind.FUNCTION, Kind.SERVER, Kind.APPLIANCE, Kind.PROFILE)
              : List.of(Kind.of(before.getFirst()));
      default -> List.of();
    };
  }

  private static String about(Kind kind, JsonNode item) {
    if (kind != Kind.FUNCTION) {
      return kind.word();
    }
    String holder = Items.text(item.path("assignment"), "holder");
    String state = Items.text(item, "state") + (holder.isEmpty() ? "" : " to " + holder);
    return Items.text(item, "card") + ", " + state;
  }
}
