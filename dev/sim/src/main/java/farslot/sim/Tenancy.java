package farslot.sim;

import farslot.link.AttachListener;
import farslot.link.AttachRefusal;
import farslot.link.FunctionIdentity;
import farslot.link.LinkInitiator;
import farslot.link.LinkStream;
import farslot.pcie.TlpIn;
import java.lang.foreign.MemorySegment;
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
  private Driver driver;

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
  }

  Node node() {
    return node;
  }

  boolean isWanted() {
    return wish.isWanted();
  }

  /** The driver of a function that is attached now, or null. */
  Driver driver() {
    return driver;
  }

  /** Whether an answer to a question is still to come. */
  boolean isAsking() {
    return asking;
  }

  /** In a turn of the node. */
  void wishChanged() {
    if (wish.isWanted() && driver == null && !asking) {
      ask();
    } else if (!wish.isWanted() && driver != null) {
      Driver old = driver;
      old.end();
      driver = null;
      old.stream().detach("not wanted any more");
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

  void onDown(Driver which) {
    if (which == driver) {
      driver = null;
      askLater();
    }
  }

  /** One attempt; what its stream delivers goes to the driver that it makes. */
  private final class Question implements AttachListener, TlpIn {
    private Driver mine;
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
      mine = new Driver(Tenancy.this, node.name + "." + wish.functionName, random.split());
      mine.begin(stream);
      in = mischief.in(mine, false);
      driver = mine;
      node.world.trace.say(mine.who, "has epoch " + stream.epoch());
      wishChanged();
    }

    @Override
    public void onRefused(AttachRefusal code, String holder, String text) {
      answered();
      askLater();
    }

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      in.onTlp(segment, offset, tlpBytes);
    }

    @Override
    public void onRoom() {
      in.onRoom();
    }

    @Override
    public void onHotReset() {
      in.onHotReset();
    }

    @Override
    public void onDown() {
      in.onDown();
    }
  }
}
