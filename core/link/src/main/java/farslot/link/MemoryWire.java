package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

/**
 * Two rails joined inside one process, in virtual time, with the faults of real ones on request:
 * the in-process carrier, and what tests and the simulator let frames travel over. {@link #deliver}
 * moves time and frames; nothing is ever delivered from inside {@link Rail#send}.
 */
public final class MemoryWire {
  private static final int PER_MILLION = 1_000_000;
  private static final long NS_PER_SECOND = 1_000_000_000;
  private final RandomGenerator random;
  private final boolean reliable;
  private final int frameBytesMax;
  private final String name;
  private final Direction there;
  private final Direction back;
  private long nowNs;
  private long delayNs;
  private long jitterNs;
  private long bytesPerSecond;
  private int lossPpm;
  private int duplicatePpm;
  private int corruptPpm;
  private boolean cut;

  /**
   * @param name for people
   * @param reliable whether it promises order and integrity; faults break the promise if asked to
   * @param framesMax frames on their way in one direction at a time; more is a full rail
   */
  public MemoryWire(
      String name, boolean reliable, int frameBytesMax, int framesMax, RandomGenerator random) {
    this.name = name;
    this.reliable = reliable;
    this.frameBytesMax = frameBytesMax;
    this.random = random;
    there = new Direction(framesMax);
    back = new Direction(framesMax);
    there.opposite = back;
    back.opposite = there;
  }

  /** One end. */
  public Rail near() {
    return there;
  }

  /** The other end. */
  public Rail far() {
    return back;
  }

  /** Who listens at the ends; before the first {@link #deliver}. */
  public void listen(RailListener near, RailListener far) {
    there.listener = near;
    back.listener = far;
  }

  // Faults.

  /** Each frame takes {@code delayNs} and up to {@code jitterNs} more. */
  public void delay(long delayNs, long jitterNs) {
    this.delayNs = delayNs;
    this.jitterNs = jitterNs;
  }

  /** Carries so many bytes a second in each direction, one frame behind the other; 0 for any. */
  public void rate(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Of a million frames so many are lost, come twice, come with one bit flipped. */
  public void faults(int lossPpm, int duplicatePpm, int corruptPpm) {
    this.lossPpm = lossPpm;
    this.duplicatePpm = duplicatePpm;
    this.corruptPpm = corruptPpm;
  }

  /** From now on everything is lost and nobody is told: a half-open connection. */
  public void blackhole() {
    faults(PER_MILLION, 0, 0);
  }

  /** Both ends lose it at the next delivery, with what is on its way. */
  public void cut() {
    cut = true;
  }

  /** Whether neither end can use it any more. */
  public boolean isDead() {
    return there.closed && back.closed;
  }

  // Time.

  /** When the next frame arrives; {@link Long#MAX_VALUE} for never. */
  public long nextNs() {
    if (isDead()) {
      return Long.MAX_VALUE;
    }
    return cut ? nowNs : Math.min(there.nextNs(), back.nextNs());
  }

  /** Moves the time on and delivers what has arrived by then. */
  public void deliver(long now) {
    nowNs = now;
    if (cut) {
      there.down("connection reset");
      back.down("connection reset");
      return;
    }
    there.deliver();
    back.deliver();
  }

  private boolean happens(int ppm) {
    return ppm > 0 && random.nextInt(PER_MILLION) < ppm;
  }

  /** The rail of one end, and the frames on their way from it to the other end. */
  private final class Direction implements Rail {
    private static final long FREE = Long.MAX_VALUE;
    private final MemorySegment frames;
    private final int[] lengths;
    private final long[] arrivals;
    private final long[] numbers;
    private Direction opposite;
    private RailListener listener;
    private long lastArrivalNs = Long.MIN_VALUE;
    private long number;
    private long freeNs = Long.MIN_VALUE;
    private boolean full;
    private boolean closed;
    private String closing;

    Direction(int framesMax) {
      frames = Arena.ofAuto().allocate((long) framesMax * frameBytesMax, 8);
      lengths = new int[framesMax];
      arrivals = new long[framesMax];
      numbers = new long[framesMax];
      for (int i = 0; i < framesMax; i++) {
        arrivals[i] = FREE;
      }
    }

    @Override
    public int send(MemorySegment segment, long offset, int bytes) {
      int taken = 0;
      while (taken < bytes && !closed) {
        int length = BigEndian.u16(segment, offset + taken + FrameFormat.LENGTH_AT);
        if (!happens(lossPpm)) {
          if (!put(segment, offset + taken, length)) {
            full = true;
            break;
          }
          if (happens(duplicatePpm)) {
            put(segment, offset + taken, length);
          }
        }
        taken += length;
      }
      // A rail that has gone swallows what is sent; its end is reported, or the sender made it.
      return closed ? bytes : taken;
    }

    private boolean put(MemorySegment segment, long offset, int length) {
      int slot = 0;
      while (arrivals[slot] != FREE) {
        if (++slot == arrivals.length) {
          return false;
        }
      }
      MemorySegment.copy(segment, offset, frames, at(slot), length);
      if (happens(corruptPpm)) {
        long at = at(slot) + random.nextInt(length);
        BigEndian.u8(frames, at, BigEndian.u8(frames, at) ^ 1 << random.nextInt(8));
      }
      long arrival = gone(length) + delayNs + (jitterNs > 0 ? random.nextLong(jitterNs) : 0);
      lengths[slot] = length;
      lastArrivalNs = reliable ? Math.max(arrival, lastArrivalNs) : arrival;
      arrivals[slot] = lastArrivalNs;
      numbers[slot] = number++;
      return true;
    }

    /** When the frame's last byte is on the wire. */
    private long gone(int length) {
      if (bytesPerSecond > 0) {
        freeNs = Math.max(freeNs, nowNs) + length * NS_PER_SECOND / bytesPerSecond;
      }
      return bytesPerSecond > 0 ? freeNs : nowNs;
    }

    private long at(int slot) {
      return (long) slot * frameBytesMax;
    }

    /** The slot of the frame that arrives first, sent first among equals; -1 for none. */
    private int first() {
      int first = -1;
      for (int i = 0; i < arrivals.length; i++) {
        if (arrivals[i] != FREE
            && (first < 0
                || arrivals[i] < arrivals[first]
                || arrivals[i] == arrivals[first] && numbers[i] < numbers[first])) {
          first = i;
        }
      }
      return first;
    }

    long nextNs() {
      int first = first();
      return first >= 0
          ? arrivals[first]
          : closing != null && !opposite.closed ? nowNs : Long.MAX_VALUE;
    }

    void deliver() {
      int slot;
      while ((slot = first()) >= 0 && arrivals[slot] <= nowNs) {
        if (!opposite.closed) {
          opposite.listener.onFrame(frames, at(slot), lengths[slot], nowNs);
        }
        arrivals[slot] = FREE;
      }
      if (slot < 0 && closing != null) {
        opposite.down("closed by the peer");
      }
      if (full && !closed) {
        full = false;
        listener.onWritable(nowNs);
      }
    }

    void down(String cause) {
      if (!closed) {
        closed = true;
        listener.onDown(cause, nowNs);
      }
    }

    @Override
    public void close(String cause) {
      closed = true;
      closing = cause;
    }

    @Override
    public int frameBytesMax() {
      return frameBytesMax;
    }

    @Override
    public boolean reliable() {
      return reliable;
    }

    @Override
    public String describe() {
      return name;
    }
  }
}
