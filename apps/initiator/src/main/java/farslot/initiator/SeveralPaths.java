package farslot.initiator;

import farslot.control.Paths;
import farslot.link.PathStatus;
import java.util.Collection;
import java.util.List;

/** The ways to several appliances, or to none: they can be looked at, and the manager sets them. */
final class SeveralPaths implements Paths {
  private final Collection<ApplianceLink> links;

  SeveralPaths(Collection<ApplianceLink> links) {
    this.links = links;
  }

  @Override
  public List<PathStatus> list() {
    return links.stream().flatMap(link -> link.paths().list().stream()).toList();
  }

  @Override
  public int add(String address) {
    throw notHere();
  }

  @Override
  public int remove(String which) {
    throw notHere();
  }

  private static IllegalArgumentException notHere() {
    return new IllegalArgumentException(
        "the appliances themselves tell the manager where they are reached: change their 'listen:'");
  }
}
