package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.manager.model.Leaving;
import farslot.manager.model.ProfileDocument.Qos;
import farslot.manager.model.ProfileDocument.Sanitise;
import farslot.manager.model.Terms;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** What people ask for, as the bodies of requests. */
final class Wishes {
  private static final Duration TIMEOUT_MAX = Duration.ofHours(1);

  private Wishes() {}

  /**
   * A server, or one of its guests.
   *
   * @param server {@code SERVER}, or {@code SERVER/GUEST} while {@code guest} is ""
   */
  record Place(String server, String guest) {
    static Place of(String server, String guest) throws ApiException {
      String named = Objects.requireNonNullElse(server, "");
      String inside = Objects.requireNonNullElse(guest, "");
      int slash = named.indexOf('/');
      if (slash > 0 && inside.isEmpty()) {
        return new Place(named.substring(0, slash), named.substring(slash + 1));
      }
      if (named.isEmpty()) {
        throw new ApiException(
            ApiError.BAD_REQUEST, "the request is refused", "'server' is missing", "");
      }
      return new Place(named, inside);
    }

    @Override
    public String toString() {
      return guest.isEmpty() ? server : server + "/" + guest;
    }
  }

  /**
   * Body of {@code attach}.
   *
   * @param revision of the function as it was seen; 0 for whatever it is
   */
  record Attach(
      String server,
      String guest,
      Map<String, String> identity,
      int bootOrder,
      Qos qos,
      Sanitise sanitise,
      long revision) {
    Place place() throws ApiException {
      return Place.of(server, guest);
    }

    Terms terms() {
      return new Terms(identity, bootOrder, qos, sanitise);
    }
  }

  /**
   * Body of {@code detach}.
   *
   * @param force whether the guest is not asked
   * @param timeout how long it may take to let go, such as {@code 30s}
   * @param sanitise what is done before anybody gets it; null for what was agreed when it was
   *     attached
   */
  record Detach(boolean force, String timeout, Sanitise sanitise, long revision) {
    static final Detach PLAIN = new Detach(false, "", null, 0);

    Leaving leaving(Terms terms) throws ApiException {
      return Leaving.released(force, sanitise == null ? terms.sanitise() : sanitise)
          .within(timeoutMs(timeout));
    }
  }

  /** Body of {@code move}; as for the two others. */
  record Move(
      String server,
      String guest,
      boolean force,
      String timeout,
      Sanitise sanitise,
      long revision) {
    Place place() throws ApiException {
      return Place.of(server, guest);
    }

    Leaving leaving(Terms terms) throws ApiException {
      Place to = place();
      Sanitise how = sanitise == null ? terms.sanitise() : sanitise;
      return Leaving.to(to.server(), to.guest(), force, how).within(timeoutMs(timeout));
    }
  }

  private static long timeoutMs(String text) throws ApiException {
    if (text == null || text.isEmpty()) {
      return Leaving.TIMEOUT_MS;
    }
    return Math.max(1, Durations.read("timeout", text, TIMEOUT_MAX).toMillis());
  }
}
