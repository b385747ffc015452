package farslot.sim;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Bugs in what a stream delivers, worked by holding back, changing or repeating TLPs. */
final class StreamBugs {
  /** One in so many TLPs is hit. */
  private static final int RARE = 6;

  private StreamBugs() {}

  /** Gets each TLP that a stream delivers and decides what its owner hears. */
  private interface Filter {
    void onTlp(byte[] tlp, TlpView view, Onward next);
  }

  /** Where a filter sends on. */
  private interface Onward {
    void hear(byte[] tlp);
  }

  private static Mischief filter(boolean atCard, Supplier<Filter> filters) {
    return new Mischief() {
      @Override
      TlpIn in(TlpIn in, boolean card) {
        return card == atCard ? new Filtered(in, filters.get()) : in;
      }
    };
  }

  /** A write comes behind the TLP that follows it. */
  static Mischief postedSwapped(SplittableRandom random) {
    return filter(
        true,
        () ->
            new Filter() {
              private byte[] held;

              @Override
              public void onTlp(byte[] tlp, TlpView view, Onward next) {
                if (held != null) {
                  next.hear(tlp);
                  next.hear(held);
                  held = null;
                } else if (view.flowClass() == FlowClass.POSTED && random.nextInt(RARE) == 0) {
                  held = tlp;
                } else {
                  next.hear(tlp);
                }
              }
            });
  }

  static Mischief msiOvertakes(SplittableRandom random) {
    return new Mischief() {
      @Override
      boolean msiWaits() {
        return random.nextInt(RARE) != 0;
      }
    };
  }

  /** A write waits until the next one comes, and is passed by the reads between. */
  static Mischief readPassesWrite(SplittableRandom random) {
    return filter(
        true,
        () ->
            new Filter() {
              private byte[] held;

              @Override
              public void onTlp(byte[] tlp, TlpView view, Onward next) {
                boolean posted = view.flowClass() == FlowClass.POSTED;
                if (held != null && posted) {
                  next.hear(held);
                  held = null;
                }
                if (posted && random.nextInt(RARE) == 0) {
                  held = tlp;
                } else {
                  next.hear(tlp);
                }
              }
            });
  }

  static Mischief wrongTag(SplittableRandom random) {
    return filter(
        false,
        () ->
            (tlp, view, next) -> {
              if (view.flowClass() == FlowClass.COMPLETION && random.nextInt(RARE) == 0) {
                tlp[10] ^= 1;
              }
              next.hear(tlp);
            });
  }

  static Mischief completionLost(SplittableRandom random) {
    return filter(
        false,
        () ->
            (tlp, view, next) -> {
              if (view.flowClass() != FlowClass.COMPLETION || random.nextInt(RARE) != 0) {
                next.hear(tlp);
              }
            });
  }

  /** What was taken back is given to the card all the same. */
  static Mischief revokeLost(SplittableRandom random) {
    return new Mischief() {
      @Override
      TlpIn in(TlpIn in, boolean card) {
        return new PassingOn() {
          @Override
          TlpIn next() {
            return in;
          }

          @Override
          public void onRevoke() {
            if (random.nextInt(RARE) != 0) {
              in.onRevoke();
            }
          }
        };
      }
    };
  }

  static Mischief pushTwice(SplittableRandom random) {
    return new Mischief() {
      @Override
      TlpIn in(TlpIn in, boolean card) {
        return new PassingOn() {
          @Override
          TlpIn next() {
            return in;
          }

          @Override
          public void onPush(
              long address, MemorySegment segment, long offset, int bytes, boolean steady) {
            in.onPush(address, segment, offset, bytes, steady);
            if (random.nextInt(RARE) == 0) {
              in.onPush(address, segment, offset, bytes, steady);
            }
          }
        };
      }
    };
  }

  static Mischief deliveredTwice(SplittableRandom random) {
    return filter(
        true,
        () ->
            (tlp, view, next) -> {
              next.hear(tlp);
              if (random.nextInt(RARE) == 0) {
                next.hear(tlp);
              }
            });
  }

  /** A {@link TlpIn} with a filter before it. */
  private static final class Filtered extends PassingOn {
    private final TlpIn in;
    private final Filter filter;
    private final TlpView view = new TlpView();

    Filtered(TlpIn in, Filter filter) {
      this.in = in;
      this.filter = filter;
    }

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      byte[] tlp = segment.asSlice(offset, tlpBytes).toArray(ValueLayout.JAVA_BYTE);
      view.wrap(segment, offset, tlpBytes);
      filter.onTlp(tlp, view, heard -> in.onTlp(MemorySegment.ofArray(heard), 0, heard.length));
    }

    @Override
    TlpIn next() {
      return in;
    }
  }
}
