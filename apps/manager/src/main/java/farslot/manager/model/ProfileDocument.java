package farslot.manager.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The slots of a server, named and movable.
 *
 * @param tenant whose it is; "" for nobody's in particular
 * @param template out of which it was made; "" for none. A template that changes later changes
 *     nothing here until the profile is applied again
 * @param values what it put in place of the template's parameters
 * @param server to which it is applied; "" while to none
 * @param guest of that server; "" for a server without guests of its own
 * @param onServerDeath what happens when the server has been gone for {@code moveAfterSeconds}
 * @param candidates where it may move then, {@code SERVER} or {@code SERVER/GUEST}, best first
 * @param serverPool a pool whose servers are candidates too, after those; "" for none
 * @param sanitise what is done before another gets a function of it
 */
public record ProfileDocument(
    String name,
    String tenant,
    String template,
    Map<String, String> values,
    String server,
    String guest,
    ServerDeath onServerDeath,
    int moveAfterSeconds,
    List<String> candidates,
    String serverPool,
    Sanitise sanitise,
    List<Slot> slots)
    implements Document {
  /** How long something is gone before somebody takes its place, unless it is said otherwise. */
  public static final int GONE_SECONDS = 10;

  /** What a profile does when its server dies. */
  public enum ServerDeath {
    /** It waits for its server. */
    STAY,
    /** It goes to the first candidate that is there. */
    MOVE
  }

  /** What has to be done to a function before its next owner gets it. */
  public enum Sanitise {
    /** Nothing: the next owner sees what was left. */
    NONE,
    /** A drive forgets its data. */
    FORMAT,
    /** A network function is called again what its appliance's configuration says. */
    IDENTITY
  }

  /**
   * How much a function may carry, in each direction.
   *
   * @param committedBytesPerSecond that it can count on; 0 for nothing promised
   * @param peakBytesPerSecond that it never exceeds; 0 for no bound
   * @param burstBytes above its rate for a moment
   * @param trafficClass 0 to 7, the highest is served first
   */
  public record Qos(
      long committedBytesPerSecond, long peakBytesPerSecond, long burstBytes, int trafficClass) {
    private static final int CLASS_MAX = 7;

    List<String> problems() {
      return new Check()
          .atLeast("committed-bytes-per-second", committedBytesPerSecond, 0)
          .atLeast("peak-bytes-per-second", peakBytesPerSecond, 0)
          .atLeast("burst-bytes", burstBytes, 0)
          .that(
              trafficClass >= 0 && trafficClass <= CLASS_MAX,
              "'traffic-class' should be 0 to %d, not %d".formatted(CLASS_MAX, trafficClass))
          .that(
              peakBytesPerSecond == 0 || peakBytesPerSecond >= committedBytesPerSecond,
              "'peak-bytes-per-second' should not be below 'committed-bytes-per-second'")
          .problems();
    }
  }

  public ProfileDocument {
    tenant = Objects.requireNonNullElse(tenant, "");
    template = Objects.requireNonNullElse(template, "");
    values = values == null ? Map.of() : Map.copyOf(values);
    server = Objects.requireNonNullElse(server, "");
    guest = Objects.requireNonNullElse(guest, "");
    onServerDeath = Objects.requireNonNullElse(onServerDeath, ServerDeath.STAY);
    moveAfterSeconds = moveAfterSeconds == 0 ? GONE_SECONDS : moveAfterSeconds;
    candidates = candidates == null ? List.of() : List.copyOf(candidates);
    serverPool = Objects.requireNonNullElse(serverPool, "");
    sanitise = Objects.requireNonNullElse(sanitise, Sanitise.NONE);
    slots = slots == null ? List.of() : List.copyOf(slots);
  }

  /** One that is applied nowhere, nobody's, made from no template, and stays. */
  public static ProfileDocument of(String name, List<Slot> slots) {
    return new ProfileDocument(name, "", "", null, "", "", null, 0, null, "", Sanitise.NONE, slots);
  }

  /** The same with other slots. */
  public ProfileDocument with(List<Slot> newSlots) {
    return new ProfileDocument(
        name,
        tenant,
        template,
        values,
        server,
        guest,
        onServerDeath,
        moveAfterSeconds,
        candidates,
        serverPool,
        sanitise,
        newSlots);
  }

  /** The same, applied elsewhere; to nothing, if both are "". */
  public ProfileDocument at(String newServer, String newGuest) {
    return new ProfileDocument(
        name,
        tenant,
        template,
        values,
        newServer,
        newGuest,
        onServerDeath,
        moveAfterSeconds,
        candidates,
        serverPool,
        sanitise,
        slots);
  }

  /** The slot of that name. */
  public Optional<Slot> slot(String slotName) {
    return slots.stream().filter(each -> each.name().equals(slotName)).findFirst();
  }

  @Override
  public String key() {
    return Paths.profile(name);
  }

  @Override
  public List<String> problems() {
    Check check =
        new Check()
            .name("name", name)
            .nameOrNone("tenant", tenant)
            .nameOrNone("template", template)
            .attributes("values", values)
            .nameOrNone("server", server)
            .nameOrNone("guest", guest)
            .that(guest.isEmpty() || !server.isEmpty(), "'guest' needs 'server'")
            .atLeast("move-after-seconds", moveAfterSeconds, 1)
            .entries("candidates", candidates)
            .different("candidates", candidates)
            .nameOrNone("server-pool", serverPool)
            .that(
                onServerDeath == ServerDeath.STAY || !candidates.isEmpty() || !serverPool.isEmpty(),
                "'on-server-death: move' needs 'candidates' or 'server-pool'")
            .entries("slots", slots);
    candidates.forEach(each -> check.server("candidates", each));
    return slots(check, slots).problems();
  }

  /** What is wrong with slots, alone and together. */
  static Check slots(Check check, List<Slot> slots) {
    List<String> functions = new ArrayList<>();
    Set<String> identities = new HashSet<>();
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      String where = "slots[" + i + "]";
      check.part(where, slot.problems());
      if (!slot.function().isEmpty()) {
        functions.add(slot.function());
      }
      slot.identity()
          .forEach(
              (what, value) ->
                  check.that(
                      identities.add(what + "=" + value),
                      "%s: another slot has the %s %s".formatted(where, what, value)));
    }
    return check
        .different("slots", slots.stream().map(each -> String.valueOf(each.name())).toList())
        .different("slots", functions);
  }
}
