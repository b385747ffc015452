package farslot.sim;

import farslot.link.Dialer;

/** An initiator's dialer over one {@link Route}: one attempt at a time, which can be given up. */
final class RouteDialer implements Dialer {
  private final Route route;
  private final Node from;
  private final Profile profile;
  private final int appliance;

  /** Of the attempts that were made, the one that counts. */
  private int attempt;

  RouteDialer(Route route, Node from, Profile profile, int appliance) {
    this.route = route;
    this.from = from;
    this.profile = profile;
    this.appliance = appliance;
  }

  @Override
  public void dial(Caller caller) {
    int mine = ++attempt;
    route.dial(from, profile.appliance(appliance), caller, () -> mine == attempt);
  }

  @Override
  public void abandon() {
    attempt++;
  }

  @Override
  public int frameBytesMax() {
    return route.kind.frameBytesMax();
  }

  @Override
  public String describe() {
    return route.name;
  }
}
