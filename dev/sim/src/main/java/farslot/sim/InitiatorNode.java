package farslot.sim;

import farslot.link.Dialer;
import farslot.link.FrameError;
import farslot.link.LinkConfig;
import farslot.link.LinkEnd;
import farslot.link.LinkInitiator;
import farslot.link.Rail;
import farslot.link.RailListener;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** An initiator's process: a link to every appliance, and a tenancy for every function. */
final class InitiatorNode extends Node {
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
    LinkConfig config = shape.config(name, random.nextLong());
    for (int a = 0; a < shape.appliances(); a++) {
      LinkInitiator link =
          new LinkInitiator(
              config, dialer(profile, a), event -> watch.onEvent(this, event), random.split());
      links.add(link);
      ends.add(link);
    }
    for (int f = 0; f < shape.functions(); f++) {
      LinkInitiator link = links.get(f % shape.appliances());
      tenancies.add(new Tenancy(this, link, shape, profile.wish(f), random.split(), mischief));
    }
  }

  private Dialer dialer(Profile profile, int appliance) {
    return new Dialer() {
      private Attempt attempt;

      @Override
      public void dial(Caller caller) {
        attempt = new Attempt(caller);
        profile.route(appliance).dial(InitiatorNode.this, attempt, profile.appliance(appliance));
      }

      @Override
      public void abandon() {
        if (attempt != null) {
          attempt.abandoned = true;
        }
      }

      @Override
      public String describe() {
        return "a" + appliance;
      }
    };
  }

  /** Lets its caller hear what becomes of it until it is given up. */
  private static final class Attempt implements Dialer.Caller {
    private final Dialer.Caller caller;
    private boolean abandoned;

    Attempt(Dialer.Caller caller) {
      this.caller = caller;
    }

    @Override
    public RailListener onRail(Rail rail, long nowNs) {
      if (!abandoned) {
        abandoned = true; // It is made: what becomes of it is no matter of the dialer's any more.
        return caller.onRail(rail, nowNs);
      }
      rail.close("given up before it was there");
      return new Deaf();
    }

    @Override
    public void onDialFailed(String cause, long nowNs) {
      if (!abandoned) {
        caller.onDialFailed(cause, nowNs);
      }
    }
  }

  private static final class Deaf implements RailListener {
    @Override
    public void onFrame(MemorySegment segment, long offset, int frameBytes, long nowNs) {}

    @Override
    public void onMalformed(FrameError error, long nowNs) {}

    @Override
    public void onWritable(long nowNs) {}

    @Override
    public void onDown(String cause, long nowNs) {}
  }

  @Override
  List<LinkEnd> ends() {
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
