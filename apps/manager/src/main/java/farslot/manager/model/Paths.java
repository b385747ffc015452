package farslot.manager.model;

import farslot.store.KeyRange;
import java.util.List;
import java.util.Optional;

/** Where things are in the store. */
public final class Paths {
  public static final KeyRange APPLIANCES = KeyRange.prefix("/appliances/");
  public static final KeyRange FUNCTIONS = KeyRange.prefix("/functions/");
  public static final KeyRange SERVERS = KeyRange.prefix("/servers/");
  public static final KeyRange ASSIGNMENTS = KeyRange.prefix("/assignments/");
  public static final KeyRange SANITISE = KeyRange.prefix("/sanitise/");
  public static final KeyRange EPOCHS = KeyRange.prefix("/epochs/");
  public static final KeyRange PRESENCE = KeyRange.prefix("/presence/");

  /** Certificates that are not taken any more, by their serial numbers in hex. */
  public static final KeyRange REVOKED = KeyRange.prefix("/revoked/");

  public static final KeyRange PROFILES = KeyRange.prefix("/profiles/");
  public static final KeyRange POOLS = KeyRange.prefix("/pools/");
  public static final KeyRange TEMPLATES = KeyRange.prefix("/templates/");
  public static final KeyRange IDENTITIES = KeyRange.prefix("/identities/");
  public static final KeyRange GIVEN = KeyRange.prefix("/given/");
  public static final KeyRange BINDINGS = KeyRange.prefix("/bindings/");
  public static final KeyRange CHANGES = KeyRange.prefix("/changes/");
  public static final KeyRange EVENTS = KeyRange.prefix("/events/");

  private static final List<KeyRange> OF_FUNCTIONS =
      List.of(FUNCTIONS, ASSIGNMENTS, EPOCHS, SANITISE);

  private Paths() {}

  /** Who is there: a key under the lease that an appliance or initiator keeps. */
  public static String presence(String kind, String name) {
    return "/presence/" + kind + "/" + name;
  }

  /** The highest epoch that a function was ever assigned with; never deleted. */
  public static String epoch(String function) {
    return "/epochs/" + function;
  }

  /** There while a function has to be sanitised before anybody gets it. */
  public static String sanitise(String function) {
    return "/sanitise/" + function;
  }

  public static String assignment(String function) {
    return "/assignments/" + function;
  }

  public static String function(String function) {
    return "/functions/" + function;
  }

  public static String appliance(String name) {
    return "/appliances/" + name;
  }

  /** The function that a key is about, if it is about one. */
  public static Optional<String> functionOf(String key) {
    for (KeyRange each : OF_FUNCTIONS) {
      if (each.contains(key)) {
        return Optional.of(key.substring(each.from().length()))
            .filter(function -> function.indexOf('/') > 0);
      }
    }
    return Optional.empty();
  }

  public static String server(String name) {
    return "/servers/" + name;
  }

  public static String profile(String name) {
    return "/profiles/" + name;
  }

  public static String template(String name) {
    return "/templates/" + name;
  }

  public static String pool(String name) {
    return "/pools/" + name;
  }

  /** Ranges of identities, as people wrote them. */
  public static String identities(String name) {
    return "/identities/" + name;
  }

  /** How far a range has been given out; never deleted. */
  public static String given(String what, String from) {
    return "/given/" + what + "/" + from;
  }

  /** There while a function is in some profile's slot. */
  public static String binding(String function) {
    return "/bindings/" + function;
  }

  /** There while a change of profiles is under way. */
  public static String change(String id) {
    return "/changes/" + id;
  }
}
