package farslot.capture;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.link.Dialer;
import farslot.link.FrameError;
import farslot.link.Rail;
import farslot.link.RailListener;
import farslot.testkit.Allocations;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TapTest {
  private final List<String> log = new ArrayList<>();
  private final long[] now = {100};
  private final Tap tap = new Tap(() -> now[0]);
  private final FakeRail rail = new FakeRail();
  private Rail seen;

  /** Takes as many bytes as it is told. */
  private static final class FakeRail implements Rail {
    int takes = Integer.MAX_VALUE;

    @Override
    public int send(MemorySegment segment, long offset, int bytes) {
      return Math.min(takes, bytes);
    }

    @Override
    public void close(String cause) {}

    @Override
    public int frameBytesMax() {
      return 9000;
    }

    @Override
    public boolean reliable() {
      return true;
    }

    @Override
    public String describe() {
      return "fake";
    }
  }

  private final RailListener listener =
      new RailListener() {
        @Override
        public void onFrame(MemorySegment segment, long offset, int frameBytes, long nowNs) {
          log.add("frame " + frameBytes);
        }

        @Override
        public void onMalformed(FrameError error, long nowNs) {
          log.add("malformed " + error);
        }

        @Override
        public void onWritable(long nowNs) {
          log.add("writable");
        }

        @Override
        public void onDown(String cause, long nowNs) {
          log.add("down " + cause);
        }
      };

  private final Dialer.Caller end =
      new Dialer.Caller() {
        @Override
        public RailListener onRail(Rail rail, long nowNs) {
          seen = rail;
          return listener;
        }

        @Override
        public void onDialFailed(String cause, long nowNs) {
          log.add(cause);
        }
      };

  private record FakeDialer(List<Caller> callers) implements Dialer {
    @Override
    public void dial(Caller caller) {
      callers.add(caller);
    }

    @Override
    public void abandon() {
      callers.clear();
    }

    @Override
    public int frameBytesMax() {
      return 1500;
    }

    @Override
    public String describe() {
      return "fake dialer";
    }
  }

  private List<String> drain(FrameRing ring) {
    List<String> all = new ArrayList<>();
    ring.poll(
        new FrameRing.Reader() {
          @Override
          public void onRail(int rail, String name) {
            all.add("rail " + rail + " " + name);
          }

          @Override
          public void onFrame(
              int rail,
              boolean inbound,
              long timeNs,
              int lost,
              MemorySegment segment,
              long offset,
              int bytes) {
            all.add(rail + (inbound ? " in " : " out ") + timeNs + " " + bytes);
          }
        },
        100);
    return all;
  }

  @Test
  void seesWhatPassesWhileItIsOn() {
    RailListener from = tap.around(end).onRail(rail, 1);
    MemorySegment run =
        MemorySegment.ofArray(Frames.join(Frames.data(1, new byte[4]), Frames.data(2)));
    assertThat(seen.send(run, 0, 84)).isEqualTo(84);
    FrameRing ring = new FrameRing(1 << 17);
    assertThat(tap.add(ring)).isTrue();
    assertThat(seen.send(run, 0, 84)).isEqualTo(84);
    rail.takes = 44;
    assertThat(seen.send(run, 0, 84)).isEqualTo(44);
    rail.takes = 0;
    assertThat(seen.send(run, 44, 40)).isZero();
    from.onFrame(run, 44, 40, 7);
    assertThat(drain(ring))
        .containsExactly(
            "rail 1 fake", "1 out 100 44", "1 out 100 40", "1 out 100 44", "1 in 7 40");
    tap.remove(ring);
    from.onFrame(run, 44, 40, 8);
    assertThat(drain(ring)).isEmpty();
    assertThat(log).containsExactly("frame 40", "frame 40");
  }

  @Test
  void changesNothingElse() {
    List<Dialer.Caller> callers = new ArrayList<>();
    Dialer around = tap.around(new FakeDialer(callers));
    around.dial(end);
    RailListener from = callers.getFirst().onRail(rail, 1);
    from.onMalformed(FrameError.MAGIC, 1);
    from.onWritable(1);
    from.onDown("cut", 1);
    callers.getFirst().onDialFailed("no", 1);
    assertThat(log).containsExactly("malformed MAGIC", "writable", "down cut", "no");
    around.abandon();
    assertThat(callers).isEmpty();
    assertThat(around.frameBytesMax()).isEqualTo(1500);
    assertThat(around.describe()).isEqualTo("fake dialer");
    assertThat(seen.describe()).isEqualTo("fake");
    assertThat(seen.frameBytesMax()).isEqualTo(9000);
    assertThat(seen.reliable()).isTrue();
  }

  @Test
  void severalCapturesEachHearTheName() {
    RailListener from = tap.around(end).onRail(rail, 1);
    MemorySegment frame = MemorySegment.ofArray(Frames.data(2));
    List<FrameRing> rings = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      rings.add(new FrameRing(1 << 17));
      assertThat(tap.add(rings.get(i))).isTrue();
    }
    assertThat(tap.add(new FrameRing(1 << 17))).isFalse();
    from.onFrame(frame, 0, 40, 7);
    for (FrameRing ring : rings) {
      assertThat(drain(ring)).containsExactly("rail 1 fake", "1 in 7 40");
    }
    // The others move up; one that joins later is told the name again.
    tap.remove(rings.get(0));
    FrameRing late = new FrameRing(1 << 17);
    assertThat(tap.add(late)).isTrue();
    from.onFrame(frame, 0, 40, 8);
    assertThat(drain(late)).containsExactly("rail 1 fake", "1 in 8 40");
    assertThat(drain(rings.get(3))).contains("1 in 8 40");
  }

  @Test
  void allocatesNothingOnOrOff() {
    tap.around(end).onRail(rail, 1);
    MemorySegment run = MemorySegment.ofArray(Frames.join(Frames.data(1), Frames.data(2)));
    Runnable turn = () -> seen.send(run, 0, 80);
    assertThat(Allocations.perTurn(10_000, turn)).isLessThan(1);
    assertThat(tap.add(new FrameRing(1 << 17))).isTrue(); // Full soon: dropping is free, too.
    assertThat(Allocations.perTurn(10_000, turn)).isLessThan(1);
  }
}
