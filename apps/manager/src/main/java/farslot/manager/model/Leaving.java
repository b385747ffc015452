package farslot.manager.model;

import farslot.manager.model.ProfileDocument.Sanitise;
import java.util.List;
import java.util.Objects;

/**
 * How an assignment shall end.
 *
 * @param forced whether its server is not asked
 * @param timeoutMs how long its guest has to let go of it, in milliseconds; after that it stays
 * @param server who shall have it next; "" for nobody
 * @param guest of that server
 * @param sanitise what is done to it before
 */
public record Leaving(
    boolean forced, long timeoutMs, String server, String guest, Sanitise sanitise) {
  /** A guest's driver answers within this time, or never will. */
  public static final long TIMEOUT_MS = 30_000;

  private static final long TIMEOUT_MS_MAX = 3_600_000;

  public Leaving {
    server = Objects.requireNonNullElse(server, "");
    guest = Objects.requireNonNullElse(guest, "");
    sanitise = Objects.requireNonNullElse(sanitise, Sanitise.NONE);
  }

  /** So that anybody may have it afterwards. */
  public static Leaving released(boolean forced, Sanitise sanitise) {
    return new Leaving(forced, TIMEOUT_MS, "", "", sanitise);
  }

  /** So that another server, or another guest, gets it. */
  public static Leaving to(String server, String guest, boolean forced, Sanitise sanitise) {
    return new Leaving(forced, TIMEOUT_MS, server, guest, sanitise);
  }

  public Leaving within(long nextTimeoutMs) {
    return new Leaving(forced, nextTimeoutMs, server, guest, sanitise);
  }

  public boolean moves() {
    return !server.isEmpty();
  }

  List<String> problems() {
    return new Check()
        .that(
            timeoutMs >= 1 && timeoutMs <= TIMEOUT_MS_MAX,
            "'timeout-ms' should be 1 to %d, not %d".formatted(TIMEOUT_MS_MAX, timeoutMs))
        .nameOrNone("server", server)
        .nameOrNone("guest", guest)
        .that(guest.isEmpty() || !server.isEmpty(), "'guest' needs 'server'")
        .problems();
  }
}
