package farslot.manager.model;

import farslot.manager.model.ProfileDocument.Sanitise;
import farslot.manager.model.ProfileDocument.ServerDeath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What profiles are made of: slots with placeholders, {@code ${NAME}}, in any text. {@code
 * ${profile}} is the profile's own name; whatever else is there is a parameter.
 *
 * @param parameters what a profile puts in place of them, with what is taken if it says nothing; ""
 *     if it has to say something
 */
public record TemplateDocument(
    String name,
    String tenant,
    Map<String, String> parameters,
    ServerDeath onServerDeath,
    int moveAfterSeconds,
    List<String> candidates,
    String serverPool,
    Sanitise sanitise,
    List<Slot> slots)
    implements Document {
  /** The parameter that every template has. */
  public static final String PROFILE = "profile";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

  public TemplateDocument {
    tenant = Objects.requireNonNullElse(tenant, "");
    parameters = parameters == null ? Map.of() : Map.copyOf(parameters);
    onServerDeath = Objects.requireNonNullElse(onServerDeath, ServerDeath.STAY);
    moveAfterSeconds = moveAfterSeconds == 0 ? ProfileDocument.GONE_SECONDS : moveAfterSeconds;
    candidates = candidates == null ? List.of() : List.copyOf(candidates);
    serverPool = Objects.requireNonNullElse(serverPool, "");
    sanitise = Objects.requireNonNullElse(sanitise, Sanitise.NONE);
    slots = slots == null ? List.of() : List.copyOf(slots);
  }

  /** A text with its placeholders' values; what has no value stays. */
  public static String fill(String text, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
  }

  @Override
  public String key() {
    return Paths.template(name);
  }

  @Override
  public List<String> problems() {
    Check check =
        new Check()
            .name("name", name)
            .nameOrNone("tenant", tenant)
            .attributes("parameters", parameters)
            .that(
                !parameters.containsKey(PROFILE),
                "'parameters' should not have '" + PROFILE + "': it is the profile's name")
            .atLeast("move-after-seconds", moveAfterSeconds, 1)
            .entries("candidates", candidates)
            .entries("slots", slots);
    Set<String> used = new TreeSet<>();
    Map<String, String> examples = new HashMap<>(Map.of(PROFILE, "x"));
    parameters.forEach((key, value) -> examples.put(key, value.isEmpty() ? "x" : value));
    List<Slot> filled = new ArrayList<>();
    for (Slot slot : slots) {
      filled.add(example(slot, examples, used));
    }
    candidates.forEach(each -> check.server("candidates", example(each, examples, used)));
    check.nameOrNone("server-pool", example(serverPool, examples, used));
    used.removeAll(examples.keySet());
    check.that(
        used.isEmpty(),
        "nothing is known of %s; 'parameters' has %s"
            .formatted(used, new TreeSet<>(parameters.keySet())));
    return used.isEmpty() ? ProfileDocument.slots(check, filled).problems() : check.problems();
  }

  private static String example(String text, Map<String, String> values, Set<String> used) {
    String whole = Objects.requireNonNullElse(text, "");
    PLACEHOLDER.matcher(whole).results().forEach(each -> used.add(each.group(1)));
    return fill(whole, values);
  }

  /** As it could look; identities that depend on parameters are left out. */
  private static Slot example(Slot slot, Map<String, String> values, Set<String> used) {
    Map<String, String> identity = new HashMap<>();
    slot.identity()
        .forEach(
            (what, value) -> {
              if (example(value, values, used).equals(value)) {
                identity.put(what, value);
              }
            });
    Map<String, String> from = new HashMap<>();
    slot.identityFrom().forEach((what, value) -> from.put(what, example(value, values, used)));
    return new Slot(
        example(slot.name(), values, used),
        example(slot.function(), values, used),
        example(slot.pool(), values, used),
        example(slot.card(), values, used),
        slot.capacityBytesMin(),
        identity,
        from,
        slot.bootOrder(),
        slot.qos(),
        slot.spare());
  }
}
