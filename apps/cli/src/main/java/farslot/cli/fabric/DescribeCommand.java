package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.cli.output.Style;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Says all about one thing. */
@Command(
    name = "describe",
    description = {
      "Show all that is known of one thing, and what happened to it lately.",
      "The kind need not be said where only one thing is called so."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot describe rack1/disk0",
      "  farslot describe server server-a",
      "  farslot describe profile web -o yaml"
    })
public final class DescribeCommand extends FabricCommand {
  private static final int EVENTS = 10;
  private static final List<Kind> GUESSED =
      List.of(
          Kind.FUNCTION,
          Kind.SERVER,
          Kind.APPLIANCE,
          Kind.GUEST,
          Kind.PROFILE,
          Kind.POOL,
          Kind.TEMPLATE);

  @Parameters(arity = "1..2", paramLabel = "[KIND] NAME", description = "What.")
  private List<String> words;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    Kind kind = words.size() == 2 ? Kind.of(words.getFirst()) : guess(client, words.getFirst());
    JsonNode thing = One.get(client, kind, words.getLast());
    String name = kind.nameOf(thing);
    JsonNode events =
        client
            .get(Kind.EVENT.path(), Map.of("subject", name, "limit", String.valueOf(EVENTS)))
            .path("items");
    ObjectNode answer = Json.object().put("kind", kind.word());
    answer.set(kind.word(), thing);
    answer.set("events", events);
    output.print(
        System.out,
        answer,
        () -> List.of(name),
        () -> print(kind, thing, Items.list(answer, "events"), System.out));
    return OK;
  }

  private static Kind guess(ApiClient client, String name)
      throws ApiException, IOException, InterruptedException {
    List<Kind> fits = new ArrayList<>();
    for (Kind kind : GUESSED) {
      try {
        boolean any =
            Items.of(client.get(kind.path())).stream()
                .map(kind::nameOf)
                .anyMatch(each -> each.equals(name) || each.endsWith("/" + name));
        if (any) {
          fits.add(kind);
        }
      } catch (ApiException e) {
        if (e.error() != ApiError.NOT_FOUND && e.error() != ApiError.FORBIDDEN) {
          throw e;
        }
      }
    }
    if (fits.size() == 1) {
      return fits.getFirst();
    }
    if (fits.isEmpty()) {
      throw new ApiException(
          ApiError.NOT_FOUND, "nothing is called '" + name + "'", "", "farslot list");
    }
    throw new ApiException(
        ApiError.BAD_REQUEST,
        "'%s' is ambiguous".formatted(name),
        "there is a " + String.join(", a ", fits.stream().map(Kind::word).toList()),
        "farslot describe %s %s".formatted(fits.getFirst().word(), name));
  }

  private static void print(Kind kind, JsonNode thing, List<JsonNode> events, PrintStream out) {
    boolean coloured = terminal().outColoured();
    new Description(coloured).print(thing, out);
    if (kind == Kind.FUNCTION) {
      Health health = Health.of(thing);
      new Description(coloured)
          .print(
              Json.object()
                  .put("health", health.isOk() ? "ok" : health.word() + ": " + health.why()),
              out);
    }
    out.println(Style.STRONG.paint("Events:", coloured));
    if (events.isEmpty()) {
      out.println("  none");
    }
    Rows.table(Kind.EVENT, events)
        .lines(terminal(), false)
        .forEach(each -> out.println("  " + each));
  }
}
