package farslot.sim.fabric;

import farslot.api.agent.HoldingOrder;
import farslot.link.AttachListener;
import farslot.link.AttachRefusal;
import farslot.link.Credits;
import farslot.link.FunctionIdentity;
import farslot.link.LinkStream;
import farslot.pcie.TlpIn;
import farslot.sim.World;
import java.lang.foreign.MemorySegment;

/** A function that a server asks for, or has: asks again until it is let go of. */
final class SimHolding {
  private static final long RETRY_NS = 500 * World.MS;
  private static final int BRINGUP_MS_MAX = 30;

  private final ServerNode node;
  private final HoldingOrder order;
  private final String appliance;
  private final String exported;
  private LinkStream stream;
  private boolean asking;
  private boolean over;
  private boolean shown;
  private boolean open;

  SimHolding(ServerNode node, HoldingOrder order) {
    this.node = node;
    this.order = order;
    int slash = order.function().indexOf('/');
    appliance = order.function().substring(0, slash);
    exported = order.function().substring(slash + 1);
  }

  HoldingOrder order() {
    return order;
  }

  /** Null while there is none. */
  LinkStream stream() {
    return stream;
  }

  /** Whether there is a socket: it stays when the card goes. */
  boolean isShown() {
    return shown && !over;
  }

  boolean isOpen() {
    return open && !over;
  }

  void open(boolean now) {
    open = now;
  }

  void ask() {
    if (!over && !asking && stream == null && node.link(appliance).session().isPresent()) {
      asking = true;
      new Attempt().begin();
    }
  }

  private void askLater() {
    node.world.after(RETRY_NS, () -> node.turn(this::ask));
  }

  void end(String cause) {
    over = true;
    if (stream != null) {
      LinkStream old = stream;
      stream = null;
      old.detach(cause);
    }
  }

  private void present() {
    if (stream != null && stream.isUp() && !over) {
      shown = true;
      node.later(() -> node.fulfilment().onPresent(order.function(), "a socket", node.nowNs()));
    }
  }

  /** One attempt, and the stream that comes of it. */
  private final class Attempt implements AttachListener, TlpIn {
    private LinkStream mine;

    void begin() {
      node.link(appliance).attach(exported, order.epoch(), Credits.DEFAULT, this, this);
    }

    @Override
    public void onAttached(LinkStream attached, FunctionIdentity identity) {
      asking = false;
      mine = attached;
      if (over) {
        attached.detach("not wanted any more");
        return;
      }
      stream = attached;
      node.world.trace.say(
          node.name,
          "%s: has it, assignment %d, epoch %d"
              .formatted(order.function(), order.epoch(), attached.epoch()));
      long ns = node.random.nextInt(BRINGUP_MS_MAX) * World.MS;
      node.world.after(ns, () -> node.turn(SimHolding.this::present));
    }

    @Override
    public void onRefused(AttachRefusal code, String holder, String text) {
      asking = false;
      if (over || code == AttachRefusal.NO_SESSION) {
        return; // Asked again when there is one.
      }
      node.later(() -> node.fulfilment().onRefused(order.function(), text, node.nowNs()));
      askLater();
    }

    @Override
    public void onDown() {
      if (mine != null && mine == stream) {
        stream = null;
        if (!over) {
          node.later(() -> node.fulfilment().onAbsent(order.function(), "gone", node.nowNs()));
          askLater();
        }
      }
    }

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {}

    @Override
    public void onRoom() {}

    @Override
    public void onHotReset() {}
  }
}
