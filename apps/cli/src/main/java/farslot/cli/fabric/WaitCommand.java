package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.cli.output.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Waits until something is so. */
@Command(
    name = "wait",
    description = {
      "Wait until functions, appliances, servers or guests are as they should be.",
      "Functions can be attached, bound (a driver has set it up), detached, present or healthy; "
          + "appliances and servers here or away; guests running."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot wait --for attached rack1/disk0",
      "  farslot wait --for here server server-a --timeout 2min",
      "  farslot wait --for detached disk0 disk1"
    })
public final class WaitCommand extends FabricCommand {
  private static final Duration MAX = Duration.ofHours(24);
  private static final long LOOK_MS = 200;

  @Option(
      names = "--for",
      paramLabel = "STATE",
      required = true,
      description = "attached, bound, detached, present, healthy, here, away or running.")
  private String state;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "How long (default ${DEFAULT-VALUE}).")
  private String timeout;

  @Parameters(
      arity = "1..*",
      paramLabel = "[KIND] NAME...",
      description = "For what; functions, if no kind is said.")
  private List<String> names;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    Duration most = WaitOption.duration("--timeout", timeout, MAX);
    List<String> left = new ArrayList<>(names);
    Kind kind = kind(left);
    Condition.require(kind, state);
    long endNs = System.nanoTime() + most.toNanos();
    AtomicReference<String> stage = new AtomicReference<>("");
    try (Progress progress = Progress.begin(System.err, terminal(), stage::get)) {
      while (!left.isEmpty()) {
        String name = left.getFirst();
        JsonNode now = One.get(client, kind, name);
        stage.set(name + ": " + Condition.now(kind, now) + ", waits for " + state);
        if (Condition.holds(kind, now, state)) {
          left.removeFirst();
          progress.above(() -> System.out.printf("%s: %s%n", kind.nameOf(now), state));
        } else if (System.nanoTime() - endNs >= 0) {
          throw refused(
              ApiError.TIMED_OUT,
              "%s is not %s after %s".formatted(name, state, timeout),
              "it is " + Condition.now(kind, now),
              "farslot describe " + name);
        } else {
          Thread.sleep(LOOK_MS);
        }
      }
    }
    return OK;
  }

  private Kind kind(List<String> words) throws ApiException {
    if (words.size() < 2) {
      return Condition.kindOf(state);
    }
    try {
      Kind kind = Kind.of(words.getFirst());
      words.removeFirst();
      return kind;
    } catch (ApiException e) {
      return Condition.kindOf(state); // Its name, then.
    }
  }

  /** How things can be. */
  private static final class Condition {
    private static final List<String> OF_FUNCTIONS =
        List.of("attached", "bound", "detached", "present", "healthy");
    private static final List<String> OF_MACHINES = List.of("here", "away");

    static Kind kindOf(String state) {
      return OF_MACHINES.contains(state)
          ? Kind.SERVER
          : state.equals("running") ? Kind.GUEST : Kind.FUNCTION;
    }

    static void require(Kind kind, String state) throws ApiException {
      List<String> possible =
          switch (kind) {
            case FUNCTION -> OF_FUNCTIONS;
            case SERVER, APPLIANCE -> OF_MACHINES;
            case GUEST -> List.of("running");
            default -> List.of();
          };
      if (!possible.contains(state)) {
        throw new ApiException(
            ApiError.BAD_REQUEST,
            "no %s is ever '%s'".formatted(kind.word(), state),
            possible.isEmpty() ? "it cannot be waited for" : "it can be " + possible,
            "farslot wait --help");
      }
    }

    static boolean holds(Kind kind, JsonNode now, String state) {
      JsonNode assignment = now.path("assignment");
      return switch (state) {
        case "attached" -> Items.text(now, "state").equals("attached");
        case "bound" ->
            Items.text(now, "state").equals("attached")
                && Items.is(assignment.path("live"), "driver-bound");
        case "detached" ->
            assignment.isMissingNode() && !Items.text(now, "state").equals("sanitising");
        case "present" -> Items.is(now, "present");
        case "healthy" -> Health.of(now).isOk();
        case "running" -> Items.is(now, "running");
        default -> Items.text(now, "state").equals(state);
      };
    }

    static String now(Kind kind, JsonNode item) {
      if (kind == Kind.GUEST) {
        return Items.is(item, "running") ? "running" : "down";
      }
      String waiting = Items.text(item.path("assignment"), "waiting");
      return Items.text(item, "state") + (waiting.isEmpty() ? "" : " (waits for " + waiting + ")");
    }
  }
}
