package farslot.capture;

import farslot.link.Dialer;
import farslot.link.Rail;
import farslot.link.RailListener;
import farslot.link.RailTaker;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Where captures join a link: {@link #around} is put between a carrier and its end, and every rail
 * that comes through is looked at. Off, it costs a null check a call; on, a copy a frame. On the
 * owner's thread only.
 */
public final class Tap {
  /** Captures at once; each costs a copy of every frame. */
  public static final int CAPTURES_MAX = 4;

  /** Null when nobody captures: all that the data path asks. */
  private FrameRing[] rings;

  private final LongSupplier clock;
  private int serials;
  private int rails;

  /**
   * @param clock the owner's, monotonic nanoseconds: the one that {@code nowNs} comes from
   */
  public Tap(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * Begins to fill a ring.
   *
   * @return false when there are {@link #CAPTURES_MAX} already
   */
  public boolean add(FrameRing ring) {
    int count = rings == null ? 0 : rings.length;
    if (count == CAPTURES_MAX) {
      return false;
    }
    ring.serial = ++serials;
    FrameRing[] more = count == 0 ? new FrameRing[1] : Arrays.copyOf(rings, count + 1);
    more[count] = ring;
    rings = more;
    return true;
  }

  /** Stops filling it; harmless when it was not being filled. */
  public void remove(FrameRing ring) {
    if (rings != null) {
      FrameRing[] left =
          Arrays.stream(rings).filter(each -> each != ring).toArray(FrameRing[]::new);
      rings = left.length == 0 ? null : left;
    }
  }

  /** An end whose rails are looked at. */
  public RailTaker around(RailTaker taker) {
    return new TappedTaker(this, taker);
  }

  /** A dialer whose rails are looked at. */
  public Dialer around(Dialer dialer) {
    return new TappedDialer(this, dialer);
  }

  private RailListener onRail(RailTaker taker, Rail rail, long nowNs) {
    TappedRail tapped = new TappedRail(this, rail, clock);
    tapped.listener(taker.onRail(tapped, nowNs));
    return tapped;
  }

  /** A number for a rail that has come up. */
  int nextRail() {
    return ++rails;
  }

  /** Whether anybody captures. */
  boolean on() {
    return rings != null;
  }

  /** One frame; only when {@link #on}. */
  void frame(
      TappedRail rail, boolean inbound, long timeNs, MemorySegment segment, long at, int bytes) {
    FrameRing[] all = rings;
    for (int i = 0; i < all.length; i++) {
      rail.announce(i, all[i]);
      all[i].put(rail.id(), inbound, timeNs, segment, at, bytes);
    }
  }

  private record TappedTaker(Tap tap, RailTaker taker) implements RailTaker {
    @Override
    public RailListener onRail(Rail rail, long nowNs) {
      return tap.onRail(taker, rail, nowNs);
    }
  }

  private record TappedCaller(Tap tap, Dialer.Caller caller) implements Dialer.Caller {
    @Override
    public RailListener onRail(Rail rail, long nowNs) {
      return tap.onRail(caller, rail, nowNs);
    }

    @Override
    public void onAnswered(long nowNs) {
      caller.onAnswered(nowNs);
    }

    @Override
    public void onDialFailed(String cause, long nowNs) {
      caller.onDialFailed(cause, nowNs);
    }
  }

  private record TappedDialer(Tap tap, Dialer dialer) implements Dialer {
    @Override
    public void dial(Caller caller) {
      dialer.dial(new TappedCaller(tap, caller));
    }

    @Override
    public void abandon() {
      dialer.abandon();
    }

    @Override
    public boolean repeatsItself() {
      return dialer.repeatsItself();
    }

    @Override
    public int frameBytesMax() {
      return dialer.frameBytesMax();
    }

    @Override
    public String describe() {
      return dialer.describe();
    }
  }
}
