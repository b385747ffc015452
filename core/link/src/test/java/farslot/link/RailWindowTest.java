package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RailWindowTest {
  private static final long MS = 1_000_000;
  private static final int FRAME_BYTES = 1000;
  private static final long BYTES_MAX = 1 << 20;
  private final RailClock clock = new RailClock(new FakeRail(), 0);
  private final RailWindow window = new RailWindow(clock, FRAME_BYTES, BYTES_MAX, false, 0);
  private long nowNs;

  @Test
  void aloneAReliableRailDecidesByItselfHowMuchItTakes() {
    deliver(10, 20);
    assertThat(window.roomBytes()).isEqualTo(BYTES_MAX);
  }

  @Test
  void amongOthersItKeepsNoMoreThanItDeliversInAFewMilliseconds() {
    window.sharesLoad(true);
    assertThat(window.roomBytes()).as("before anything is known").isEqualTo(2 * FRAME_BYTES);
    deliver(10, 20);
    // 10 frames a millisecond for 10 ms, and two to stay busy with.
    assertThat(window.roomBytes()).isEqualTo(102 * FRAME_BYTES);
    deliver(20, 20);
    assertThat(window.roomBytes()).as("twice as fast").isEqualTo(202 * FRAME_BYTES);
    deliver(5, 20);
    assertThat(window.roomBytes()).as("slower than before").isEqualTo(52 * FRAME_BYTES);
    window.sharesLoad(false);
    assertThat(window.roomBytes()).as("alone again").isEqualTo(BYTES_MAX);
  }

  @Test
  void aRailThatHasLittleToDoIsNotTakenForASlowOne() {
    window.sharesLoad(true);
    deliver(10, 20);
    for (int i = 0; i < 20; i++) {
      send();
      nowNs += MS;
      window.arrived(FRAME_BYTES, 0, nowNs);
    }
    assertThat(window.roomBytes()).isEqualTo(102 * FRAME_BYTES);
  }

  /** So many frames a millisecond, with more to send than it takes. */
  private void deliver(int framesEach, int milliseconds) {
    for (int ms = 0; ms < milliseconds; ms++) {
      for (int i = 0; i < framesEach; i++) {
        send();
      }
      window.limits();
      nowNs += MS;
      for (int i = 0; i < framesEach - 1; i++) {
        window.arrived(FRAME_BYTES, 0, nowNs - 1);
      }
      window.arrived(FRAME_BYTES, 0, nowNs);
    }
  }

  private void send() {
    window.sent(FRAME_BYTES);
  }
}
