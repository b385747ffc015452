package farslot.sim;

import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What an unreliable wire does to frames. */
final class Noise {
  /** A frame goes on, so much later than usual. */
  interface Onward {
    void fly(byte[] frame, long extraNs);
  }

  private static final int PER_THOUSAND = 1000;
  private static final int DELAY_US_MAX = 3000;
  private final SplittableRandom random;
  private final Consumer<String> say;
  private final int lostAlways;
  private final int doubledAlways;
  private int lost;
  private int doubled;
  private int damaged;
  private int delayed;

  /** Of a thousand frames so many are lost and come twice when nothing is wrong. */
  Noise(int lostAlways, int doubledAlways, SplittableRandom random, Consumer<String> say) {
    this.lostAlways = lostAlways;
    this.doubledAlways = doubledAlways;
    this.random = random;
    this.say = say;
    set(0, 0, 0, 0);
  }

  /** Of a thousand frames so many more are lost, come twice, come with a bit flipped, come late. */
  void set(int lost, int doubled, int damaged, int delayed) {
    this.lost = lostAlways + lost;
    this.doubled = doubledAlways + doubled;
    this.damaged = damaged;
    this.delayed = delayed;
  }

  boolean isQuiet() {
    return lost + doubled + damaged + delayed == 0;
  }

  void apply(byte[] frame, Onward onward) {
    if (isQuiet()) {
      onward.fly(frame, 0);
      return;
    }
    for (int copies = happens(doubled) ? 2 : 1; copies > 0; copies--) {
      if (happens(lost)) {
        say.accept("lost " + Frames.words(frame));
      } else {
        onward.fly(
            happens(damaged) ? damage(frame) : frame,
            happens(delayed) ? random.nextInt(DELAY_US_MAX) * World.US : 0);
      }
    }
  }

  private byte[] damage(byte[] frame) {
    byte[] damaged = frame.clone();
    damaged[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
    say.accept("damaged " + Frames.words(frame));
    return damaged;
  }

  private boolean happens(int ofThousand) {
    return ofThousand > 0 && random.nextInt(PER_THOUSAND) < ofThousand;
  }
}
