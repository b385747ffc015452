package farslot.manager.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The slots of a server, named and movable.
 *
 * @param server to which it is applied; "" while to none
 * @param sanitise what is done before another gets a function of it: {@code none}, {@code format}
 *     or {@code identity}
 */
public record ProfileDocument(
    String name, String server, String guest, List<Slot> slots, Sanitise sanitise)
    implements Document {
  /** What has to be done to a function before its next owner gets it. */
  public enum Sanitise {
    NONE,
    FORMAT,
    IDENTITY
  }

  /**
   * One slot: a function by its name, or any of a pool.
   *
   * @param function {@code APPLIANCE/FUNCTION}; "" for one of the pool
   * @param pool "" for a function by its name
   * @param identity given to the function, such as {@code mac}
   * @param bootOrder 1 for the first; 0 for none
   * @param qos how much it may carry; null for no bound
   */
  public record Slot(
      String name,
      String function,
      String pool,
      Map<String, String> identity,
      int bootOrder,
      Qos qos) {
    public Slot {
      function = Objects.requireNonNullElse(function, "");
      pool = Objects.requireNonNullElse(pool, "");
      identity = identity == null ? Map.of() : Map.copyOf(identity);
    }

    List<String> problems() {
      Check check =
          new Check()
              .name("name", name)
              .that(
                  function.isEmpty() != pool.isEmpty(),
                  "it should have either 'function' or 'pool'")
              .that(pool.isEmpty() || Check.isName(pool), "'pool' should be a name")
              .attributes("identity", identity)
              .atLeast("boot-order", bootOrder, 0);
      if (!function.isEmpty()) {
        check.function("function", function);
      }
      return qos == null ? check.problems() : check.part("qos", qos.problems()).problems();
    }
  }

  /**
   * How much a function may carry, in both directions together.
   *
   * @param committedBytesPerSecond that it can count on; 0 for nothing promised
   * @param peakBytesPerSecond that it never exceeds; 0 for no bound
   * @param burstBytes above its rate for a moment
   */
  public record Qos(long committedBytesPerSecond, long peakBytesPerSecond, long burstBytes) {
    List<String> problems() {
      return new Check()
          .atLeast("committed-bytes-per-second", committedBytesPerSecond, 0)
          .atLeast("peak-bytes-per-second", peakBytesPerSecond, 0)
          .atLeast("burst-bytes", burstBytes, 0)
          .that(
              peakBytesPerSecond == 0 || peakBytesPerSecond >= committedBytesPerSecond,
              "'peak-bytes-per-second' should not be below 'committed-bytes-per-second'")
          .problems();
    }
  }

  public ProfileDocument {
    server = Objects.requireNonNullElse(server, "");
    guest = Objects.requireNonNullElse(guest, "");
    slots = slots == null ? List.of() : List.copyOf(slots);
    sanitise = Objects.requireNonNullElse(sanitise, Sanitise.NONE);
  }

  @Override
  public String key() {
    return "/profiles/" + name;
  }

  @Override
  public List<String> problems() {
    Check check =
        new Check()
            .name("name", name)
            .that(server.isEmpty() || Check.isName(server), "'server' should be a name or \"\"")
            .that(guest.isEmpty() || Check.isName(guest), "'guest' should be a name or \"\"")
            .that(guest.isEmpty() || !server.isEmpty(), "'guest' needs 'server'")
            .entries("slots", slots);
    List<String> functions = new ArrayList<>();
    for (int i = 0; i < slots.size(); i++) {
      check.part("slots[" + i + "]", slots.get(i).problems());
      if (!slots.get(i).function().isEmpty()) {
        functions.add(slots.get(i).function());
      }
    }
    return check
        .different("slots", slots.stream().map(each -> String.valueOf(each.name())).toList())
        .different("slots", functions)
        .problems();
  }
}
