package farslot.control;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Answers {@code rail}: lists, adds and removes an initiator's ways to its appliance. */
final class RailService implements ControlCommand {
  private final Watched watched;
  private final RailFacts facts;
  private final DataThread data;

  RailService(Watched watched, RailFacts facts, DataThread data) {
    this.watched = watched;
    this.facts = facts;
    this.data = data;
  }

  @Override
  public void run(CardConfig arguments, ControlReply reply)
      throws CardConfigException, IOException, InterruptedException {
    String action = arguments.string("action");
    String address = action.equals("list") ? "" : arguments.string("address");
    arguments.finish();
    if (!List.of("list", "add", "remove").contains(action)) {
      throw arguments.wrong("action", "list, add or remove");
    }
    Map<String, Object> answer = data.ask(() -> answer(action, address));
    if (answer.get("error") instanceof String error) {
      reply.refuse(error);
    } else {
      reply.accept(answer);
    }
  }

  private Map<String, Object> answer(String action, String address) {
    if (action.equals("list")) {
      return Map.of("rails", facts.all());
    }
    if (watched.paths().isEmpty()) {
      return Map.of("error", "rails are added and removed at the initiator; this is an appliance");
    }
    Paths paths = watched.paths().get();
    try {
      int number = action.equals("add") ? paths.add(address) : paths.remove(address);
      return Map.of("rail", number);
    } catch (IllegalArgumentException e) {
      return Map.of("error", e.getMessage());
    }
  }
}
