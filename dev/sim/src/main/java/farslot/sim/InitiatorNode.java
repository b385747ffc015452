package farslot.sim;

import farslot.link.Dialer;
import farslot.link.LinkConfig;
import farslot.link.LinkEnd;
import farslot.link.LinkEvent;
import farslot.link.LinkInitiator;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** An initiator's process: a link to every appliance, and a tenancy for every function. */
final class InitiatorNode extends Node {
  private final Profile profile;
  private final SessionWatch watch;
  private final Mischief mischief;
  private final List<LinkInitiator> links = new ArrayList<>();
  private final List<LinkEnd> ends = new ArrayList<>();
  private final List<Tenancy> tenancies = new ArrayList<>();

  InitiatorNode(
      World world,
      String name,
      Shape shape,
      Profile profile,
      SplittableRandom random,
      SessionWatch watch,
      Mischief mischief) {
    super(world, name, random.nextLong(1L << 50));
    this.profile = profile;
    this.watch = watch;
    this.mischief = mischief;
    LinkConfig config = shape.config(name, random.nextLong());
    for (int a = 0; a < shape.appliances(); a++) {
      LinkInitiator link =
          new LinkInitiator(config, dialers(profile, a), this::onEvent, random.split());
      links.add(link);
      ends.add(link);
    }
    for (int f = 0; f < shape.functions(); f++) {
      LinkInitiator link = links.get(f % shape.appliances());
      tenancies.add(new Tenancy(this, link, shape, profile.wish(f), random.split(), mischief));
    }
  }

  private List<Dialer> dialers(Profile profile, int appliance) {
    Pair pair = profile.pair(appliance);
    List<Dialer> dialers = new ArrayList<>();
    for (int way = 0; way < pair.routes.size(); way++) {
      if (pair.isWanted(way)) {
        dialers.add(new RouteDialer(pair.routes.get(way), this, profile, appliance));
      }
    }
    return dialers;
  }

  private void onEvent(LinkEvent event) {
    watch.onEvent(this, event);
    mischief.onEvent(this, event);
  }

  @Override
  protected List<LinkEnd> ends() {
    return ends;
  }

  @Override
  void accept(WireEnd rail) {
    throw new IllegalStateException("nobody dials an initiator");
  }

  void start() {
    turn(
        () -> {
          links.forEach(link -> link.start(nowNs()));
          tenancies.forEach(Tenancy::wishChanged);
        });
  }

  /** The operator says so while it runs. */
  void wantRail(int appliance, int way, boolean wanted) {
    Route route = profile.pair(appliance).routes.get(way);
    LinkInitiator link = link(appliance);
    if (wanted) {
      link.addPath(new RouteDialer(route, this, profile, appliance), nowNs());
    } else {
      link.paths().stream()
          .filter(path -> path.address().equals(route.name))
          .findFirst()
          .ifPresent(path -> link.removePath(path.number(), nowNs()));
    }
  }

  LinkInitiator link(int appliance) {
    return links.get(appliance);
  }

  Tenancy tenancy(int function) {
    return tenancies.get(function);
  }

  List<Tenancy> tenancies() {
    return tenancies;
  }

  /** Says goodbye to everybody. */
  void shutDown() {
    turn(this::close);
  }

  void close() {
    links.forEach(link -> link.close(SessionWatch.SHUTDOWN, nowNs()));
  }
}
