package farslot.control;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.faults.Fault;
import farslot.function.faults.FaultInjector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Answers {@code fault}: sets, lists and clears what goes wrong with an appliance's functions. */
final class FaultService implements ControlCommand {
  private static final String ALL = "";
  private final Watched watched;
  private final DataThread data;

  FaultService(Watched watched, DataThread data) {
    this.watched = watched;
    this.data = data;
  }

  @Override
  public void run(CardConfig arguments, ControlReply reply)
      throws CardConfigException, IOException, InterruptedException {
    String action = arguments.string("action");
    Supplier<Map<String, Object>> deed =
        switch (action) {
          case "list" -> list(arguments);
          case "set" -> set(arguments);
          case "clear" -> clear(arguments);
          default -> throw arguments.wrong("action", "list, set or clear");
        };
    arguments.finish();
    Map<String, Object> answer = data.ask(() -> refusing(deed));
    if (answer.get("error") instanceof String error) {
      reply.refuse(error);
    } else {
      reply.accept(answer);
    }
  }

  /** What cannot be done is said; the data thread goes on. */
  private static Map<String, Object> refusing(Supplier<Map<String, Object>> deed) {
    try {
      return deed.get();
    } catch (IllegalArgumentException | IllegalStateException e) {
      return Map.of("error", e.getMessage());
    }
  }

  private Faults faults() {
    return watched
        .faults()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "faults are set where the cards are: ask the appliance, this is an initiator"));
  }

  private Supplier<Map<String, Object>> set(CardConfig arguments) throws CardConfigException {
    String function = arguments.string("function");
    Fault fault = Fault.read(arguments.section("fault"));
    return () -> {
      int id = faults().of(function).set(fault);
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("function", function);
      answer.put("id", id);
      answer.putAll(fault.facts());
      return answer;
    };
  }

  private Supplier<Map<String, Object>> list(CardConfig arguments) throws CardConfigException {
    String function = arguments.string("function", ALL);
    return () -> {
      List<Map<String, Object>> all = new ArrayList<>();
      named(function)
          .forEach(
              (name, injector) ->
                  injector
                      .facts()
                      .forEach(
                          each -> {
                            Map<String, Object> facts = new LinkedHashMap<>();
                            facts.put("function", name);
                            facts.putAll(each);
                            all.add(facts);
                          }));
      return Map.of("faults", all);
    };
  }

  private Supplier<Map<String, Object>> clear(CardConfig arguments) throws CardConfigException {
    String function = arguments.string("function", ALL);
    int id = (int) arguments.number("id", 0, 1, Integer.MAX_VALUE);
    if (id != 0 && function.equals(ALL)) {
      throw new CardConfigException(
          "clear: a fault's number is its function's: say which function");
    }
    return () -> Map.of("cleared", id == 0 ? clearAll(function) : clear(function, id));
  }

  private int clearAll(String function) {
    return named(function).values().stream().mapToInt(FaultInjector::clear).sum();
  }

  private int clear(String function, int id) {
    if (!faults().of(function).clear(id)) {
      throw new IllegalArgumentException(
          "function '%s' has no fault %d; 'fault list' shows those there are"
              .formatted(function, id));
    }
    return 1;
  }

  /** The one that is meant, or all that there are. */
  private Map<String, FaultInjector> named(String function) {
    Faults faults = faults();
    Map<String, FaultInjector> named = new LinkedHashMap<>();
    if (!function.equals(ALL)) {
      named.put(function, faults.of(function));
      return named;
    }
    for (String each : faults.functions()) {
      try {
        named.put(each, faults.of(each));
      } catch (IllegalArgumentException e) {
        // Nothing is there now that could be at fault.
      }
    }
    return named;
  }
}
