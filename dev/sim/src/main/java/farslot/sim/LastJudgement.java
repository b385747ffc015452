package farslot.sim;

import farslot.link.CreditLevel;
import farslot.link.Credits;
import farslot.link.LinkSession;
import farslot.link.LinkState;
import farslot.link.LinkStream;
import farslot.pcie.FlowClass;
import java.util.List;

/** When the network is well and all work is done: whether everything is as it must be then. */
final class LastJudgement {
  private final World world;
  private final Cluster cluster;

  LastJudgement(World world, Cluster cluster) {
    this.world = world;
    this.cluster = cluster;
  }

  /** What still keeps the world from being at rest, or an empty text. */
  String unrest() {
    for (int i = 0; i < cluster.shape.initiators(); i++) {
      InitiatorNode node = cluster.initiator(i);
      if (!node.isAlive() || node.isPaused()) {
        return node.name + " does not run";
      }
      for (int a = 0; a < cluster.shape.appliances(); a++) {
        if (!joined(node, a)) {
          return "%s and a%d have no session in common".formatted(node.name, a);
        }
        Route missing = cluster.missingRail(i, a, 0);
        if (missing != null) {
          return missing.name + " is well, and there is no rail";
        }
      }
      for (int f = 0; f < cluster.shape.functions(); f++) {
        Tenant tenant = node.tenancy(f).tenant();
        if (tenant != null && !tenant.isAtRest()) {
          return tenant.toString();
        }
      }
    }
    for (Slot slot : cluster.slots) {
      if (!slot.isFree() && !slot.holder().isAtRest()) {
        return slot.holder().toString();
      }
      boolean shouldBeHeld = false;
      boolean held = false;
      for (int i = 0; i < cluster.shape.initiators(); i++) {
        Tenancy tenancy = cluster.initiator(i).tenancy(slot.index);
        shouldBeHeld |= tenancy.isWanted();
        held |= tenancy.tenant() != null;
      }
      if (shouldBeHeld && !held) {
        return slot.name + " is wanted, and nobody has it";
      }
    }
    return "";
  }

  /** A little of everything for everybody who has a function. */
  void probe() {
    for (int i = 0; i < cluster.shape.initiators(); i++) {
      InitiatorNode node = cluster.initiator(i);
      for (Tenancy tenancy : node.tenancies()) {
        node.turn(
            () -> {
              if (tenancy.tenant() != null) {
                tenancy.tenant().probe();
              }
            });
      }
    }
  }

  void pronounce() {
    for (int i = 0; i < cluster.shape.initiators(); i++) {
      for (int a = 0; a < cluster.shape.appliances(); a++) {
        InitiatorNode node = cluster.initiator(i);
        boolean same = joined(node, a);
        world.judge.require(same, Rule.SESSION_ENDS, "%s and a%d have parted", node.name, a);
        if (same) {
          counters(node, node.link(a).session().orElseThrow());
          counters(cluster.appliance(a), theirs(node, a));
        }
      }
      for (int f = 0; f < cluster.shape.functions(); f++) {
        Tenant tenant = cluster.initiator(i).tenancy(f).tenant();
        if (tenant != null) {
          stream(tenant, cluster.slots.get(f).holder());
        }
      }
    }
  }

  private LinkSession theirs(InitiatorNode node, int a) {
    List<LinkSession> theirs =
        cluster.appliance(a).acceptor().sessions().stream()
            .filter(s -> s.peer().nodeName().equals(node.name))
            .toList();
    world.judge.require(
        theirs.size() <= 1, Rule.SESSION_ENDS, "a%d has %s with %s", a, theirs, node.name);
    return theirs.isEmpty() ? null : theirs.getFirst();
  }

  /** Whether both ends have the same session, and it runs. */
  private boolean joined(InitiatorNode node, int a) {
    LinkSession ours = node.link(a).session().orElse(null);
    LinkSession theirs = theirs(node, a);
    return ours != null
        && theirs != null
        && ours.id() == theirs.id()
        && ours.state() == LinkState.L0
        && theirs.state() == LinkState.L0;
  }

  /** What neither end of this house ever does must not have been counted. */
  private void counters(Node node, LinkSession session) {
    session
        .counters()
        .snapshot()
        .forEach(
            (name, count) -> {
              boolean never =
                  name.equals("credit_overruns")
                      || name.equals("function_failures")
                      || name.startsWith("dropped_tlps")
                      || name.startsWith("dropped_credits")
                      || name.equals("dropped_records.stale_epoch")
                      || name.equals("dropped_records.wrong_direction");
              world.judge.require(
                  !never || count == 0, Rule.PEERS_AGREE, "%s: %s is %d", node.name, name, count);
            });
  }

  private void stream(Tenant tenant, Holder holder) {
    LinkStream near = tenant.stream();
    LinkStream far = holder.stream();
    boolean joined = far.isUp() && far.epoch() == near.epoch();
    if (!world.judge.require(
        joined, Rule.ONE_OWNER, "%s and %s are not joined", tenant.who(), holder.who())) {
      return;
    }
    for (FlowClass flow : FlowClass.values()) {
      if (tenant instanceof Driver driver && holder instanceof Card card) {
        arrived(driver, card, flow);
        arrived(card, driver, flow);
      }
      credits(near, far, flow, cluster.shape.cardCredits());
      credits(far, near, flow, cluster.shape.driverCredits());
    }
  }

  private void arrived(Party from, Party to, FlowClass flow) {
    world.judge.require(
        from.outbox().sent(flow) == to.inbox().received(flow),
        flow == FlowClass.POSTED ? Rule.POSTED_ONCE : Rule.ANSWERED_ONCE,
        "%s sent %d %s, %s has %d",
        from.who,
        from.outbox().sent(flow),
        flow,
        to.who,
        to.inbox().received(flow));
  }

  private void credits(LinkStream from, LinkStream to, FlowClass flow, Credits granted) {
    CreditLevel left = from.credits(flow);
    CreditLevel given = to.credits(flow);
    boolean headers =
        granted.headers(flow) == 0
            || left.headersLeft() == given.headersUsable()
                && given.headersUsable() + given.headersFreed() == granted.headers(flow);
    boolean data =
        granted.data(flow) == 0
            || left.dataLeft() == given.dataUsable()
                && given.dataUsable() + given.dataFreed() == granted.data(flow);
    world.judge.require(
        headers && data,
        Rule.CREDITS_KEPT,
        "%s to %s, %s of %s: %s here, %s there",
        from,
        to,
        flow,
        granted,
        left,
        given);
  }
}
