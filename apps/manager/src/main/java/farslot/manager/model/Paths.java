package farslot.manager.model;

import farslot.store.KeyRange;

/** Where things are in the store. */
public final class Paths {
  public static final KeyRange APPLIANCES = KeyRange.prefix("/appliances/");
  public static final KeyRange FUNCTIONS = KeyRange.prefix("/functions/");
  public static final KeyRange SERVERS = KeyRange.prefix("/servers/");
  public static final KeyRange ASSIGNMENTS = KeyRange.prefix("/assignments/");
  public static final KeyRange SANITISE = KeyRange.prefix("/sanitise/");
  public static final KeyRange EPOCHS = KeyRange.prefix("/epochs/");
  public static final KeyRange PRESENCE = KeyRange.prefix("/presence/");
  public static final KeyRange PROFILES = KeyRange.prefix("/profiles/");
  public static final KeyRange POOLS = KeyRange.prefix("/pools/");
  public static final KeyRange EVENTS = KeyRange.prefix("/events/");

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

  public static String server(String name) {
    return "/servers/" + name;
  }
}
