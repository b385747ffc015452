package farslot.sim;

import farslot.link.AttachListener;
import farslot.link.AttachRefusal;
import farslot.link.FunctionIdentity;
import farslot.link.LinkInitiator;
import farslot.link.LinkStream;
import farslot.pcie.TlpIn;
import java.util.SplittableRandom;

/** Keeps a function attached as long as it is wanted: asks, asks again, gives back. */
final class Tenancy {
  private static final int RETRY_MS_MAX = 100;
  private final InitiatorNode node;
  private final LinkInitiator link;
  private final Shape shape;
  private final Profile.Wish wish;
  private final SplittableRandom random;
  private final Mischief mischief;
  private boolean asking;
  private final Guest guest;
  private Tenant tenant;

  Tenancy(
      InitiatorNode node,
      LinkInitiator link,
      Shape shape,
      Profile.Wish wish,
      SplittableRandom random,
      Mischief mischief) {
    this.node = node;
    this.link = link;
    this.shape = shape;
    this.wish = wish;
    this.random = random;
    this.mischief = mischief;
    guest =
        wish.slot.hasLedger
            ? new Guest(node, node.name + "." + wish.functionName, wish.slot, this::onAbsent)
            : null;
  }

  Node node() {
    return node;
  }

  boolean isWanted() {
    return wish.isWanted();
  }

  /** Who works with the function while it is attached, or null. */
  Tenant tenant() {
    return tenant;
  }

  /** In a turn of the node. */
  void wishChanged() {
    if (wish.isWanted() && tenant == null && !asking) {
      ask();
    } else if (!wish.isWanted() && tenant != null) {
      Tenant old = tenant;
      tenant = null;
      old.end();
    }
  }

  private void ask() {
    asking = true;
    new Question().ask();
  }

  private void askLater() {
    long pauseNs = (10 + random.nextInt(RETRY_MS_MAX)) * World.MS;
    node.world.after(pauseNs, () -> node.turn(this::wishChanged));
  }

  /** The stream is down under a tenant. */
  void onLost(Tenant which) {
    if (which == tenant) {
      tenant = null;
      askLater();
    }
  }

  /** A root port has lost its stream, or has given it up. */
  private void onAbsent() {
    if (tenant != null) {
      onLost(tenant);
    }
  }

  private Tenant newTenant() {
    String who = node.name + "." + wish.functionName;
    return guest == null
        ? new Driver(this, who, random.split(), mischief)
        : new PortTenant(guest, who);
  }

  /** One attempt; what its stream delivers goes to the tenant that it makes. */
  private final class Question extends PassingOn implements AttachListener {
    private TlpIn in;
    private boolean answered;

    void ask() {
      link.attach(functionName(), 0, shape.driverCredits(), this, this);
    }

    private String functionName() {
      return mischief.sharesFunctions() ? wish.functionName + "." + node.name : wish.functionName;
    }

    private void answered() {
      node.world.judge.require(
          !answered, Rule.ANSWERED_ONCE, "%s: an attach was answered twice", node.name);
      answered = true;
      asking = false;
    }

    @Override
    public void onAttached(LinkStream stream, FunctionIdentity identity) {
      answered();
      tenant = newTenant();
      in = tenant.in();
      node.world.trace.say(tenant.who(), "has epoch " + stream.epoch());
      tenant.begin(stream);
      wishChanged();
    }

    @Override
    public void onRefused(AttachRefusal code, String holder, String text) {
      answered();
      askLater();
    }

    @Override
    TlpIn next() {
      return in;
    }
  }
}
