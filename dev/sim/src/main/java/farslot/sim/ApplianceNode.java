package farslot.sim;

import farslot.function.endpoint.EndpointOptions;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.link.AttachHandler;
import farslot.link.AttachRefusal;
import farslot.link.AttachRequest;
import farslot.link.FunctionIdentity;
import farslot.link.LinkAcceptor;
import farslot.link.LinkConfig;
import farslot.link.LinkEnd;
import farslot.link.LinkEvent;
import farslot.link.LinkStream;
import farslot.pcie.TlpIn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * An appliance's process: gives functions to those who ask, one owner at a time, and has each epoch
 * on its disk before anybody hears of it.
 */
final class ApplianceNode extends Node implements AttachHandler {
  private static final FunctionIdentity IDENTITY =
      new FunctionIdentity(0x1B36, 0x10, 0x010802, 1, 0, 0, 0);
  private static final int DISK_US_MAX = 3000;

  /** Completion timeouts beyond the longest hold time, little room to park. */
  private static final EndpointOptions ENDPOINT =
      new EndpointOptions(20_000 * World.MS, 64, 1 << 20, 64 << 10);

  private final Map<String, Slot> slots;
  private final Shape shape;
  private final SplittableRandom random;
  private final Mischief mischief;
  private final SessionWatch watch;
  private final Map<String, LedgerCard> ledgers = new HashMap<>();
  private final Map<String, FunctionEndpoint> endpoints = new HashMap<>();
  private final LinkAcceptor acceptor;
  private final List<LinkEnd> ends;

  ApplianceNode(
      World world,
      String name,
      Shape shape,
      Map<String, Slot> slots,
      SplittableRandom random,
      SessionWatch watch,
      Mischief mischief) {
    super(world, name, random.nextLong(1L << 50));
    this.shape = shape;
    this.slots = slots;
    this.random = random;
    this.mischief = mischief;
    this.watch = watch;
    for (Slot slot : slots.values()) {
      if (slot.hasLedger) {
        LedgerCard card = new LedgerCard(world, slot);
        ledgers.put(slot.name, card);
        endpoints.put(slot.name, new FunctionEndpoint(card, this, ENDPOINT));
      }
    }
    LinkConfig config = shape.config(name, random.nextLong());
    acceptor = new LinkAcceptor(config, this, this::onEvent, random.split());
    ends = List.of(acceptor);
  }

  private void onEvent(LinkEvent event) {
    watch.onEvent(this, event);
    mischief.onEvent(this, event);
  }

  LinkAcceptor acceptor() {
    return acceptor;
  }

  @Override
  protected List<LinkEnd> ends() {
    return ends;
  }

  @Override
  void accept(WireEnd rail) {
    turn(() -> rail.listen(acceptor.onRail(rail, nowNs())));
  }

  @Override
  public void onAttach(AttachRequest request) {
    String name = request.functionName();
    Slot slot = slots.get(name.substring(0, name.indexOf('.') < 0 ? name.length() : 2));
    if (slot == null) {
      request.refuse(AttachRefusal.NO_SUCH_FUNCTION, "", "no such function");
    } else if ((slot.isAssigning() || !slot.isFree()) && !mischief.sharesFunctions()) {
      request.refuse(AttachRefusal.HELD, "", "held");
    } else {
      assign(request, slot);
    }
  }

  private void assign(AttachRequest request, Slot slot) {
    long epoch = request.epoch() == 0 ? mischief.epochAfter(slot.epochOnDisk()) : request.epoch();
    if (epoch <= slot.epochOnDisk() && mischief.checksEpochs()) {
      request.refuse(AttachRefusal.STALE_EPOCH, "", "stale");
      return;
    }
    slot.assigning(true);
    world.after(diskNs(), () -> written(request, slot, epoch));
  }

  private long diskNs() {
    return random.nextInt(DISK_US_MAX) * World.US;
  }

  /** The disk has it; the process may die before it learns of that. */
  private void written(AttachRequest request, Slot slot, long epoch) {
    if (isAlive()) {
      slot.toDisk(epoch);
      world.after(diskNs(), () -> turn(() -> conclude(request, slot, epoch)));
    }
  }

  private void conclude(AttachRequest request, Slot slot, long epoch) {
    slot.assigning(false);
    String who = "%s.%d".formatted(slot.name, epoch);
    if (slot.hasLedger) {
      LedgerCard card = ledgers.get(slot.name);
      LedgerSlot holder = new LedgerSlot(slot, this, who, endpoints.get(slot.name), card);
      LinkStream stream = request.accept(holder, epoch, shape.cardCredits(), IDENTITY);
      if (stream.isUp()) {
        holder.begin(stream);
        slot.granted(holder);
      }
      return;
    }
    Card card = new Card(slot, this, who, random.split(), mischief);
    TlpIn in = mischief.in(card, true);
    LinkStream stream = request.accept(in, epoch, shape.cardCredits(), IDENTITY);
    if (stream.isUp()) {
      Holder before = slot.holder();
      card.begin(stream);
      slot.granted(card);
      if (before instanceof Card old && old.node == this && !mischief.fencesDetach()) {
        old.goOn();
      }
    }
  }

  /** Takes a function from its owner, as an administrator does. */
  void takeAway(Slot slot) {
    Holder holder = slot.holder();
    if (holder != null && holder.node() == this && holder.stream().isUp()) {
      holder.stream().detach("taken away");
      holder.onDown();
    }
  }

  /** Says goodbye to everybody. */
  void shutDown() {
    turn(this::close);
  }

  void close() {
    acceptor.close(SessionWatch.SHUTDOWN, nowNs());
  }
}
