package farslot.sim;

import java.util.SplittableRandom;

/** Bugs in who owns what. */
final class OwnerBugs {
  private OwnerBugs() {}

  static Mischief epochRepeated(SplittableRandom random) {
    return new Mischief() {
      @Override
      long epochAfter(long highest) {
        return Math.max(1, highest);
      }

      @Override
      boolean checksEpochs() {
        return false;
      }
    };
  }

  static Mischief epochForgotten(SplittableRandom random) {
    return new Mischief() {
      @Override
      boolean keepsEpochs() {
        return false;
      }
    };
  }

  static Mischief detachNotFenced(SplittableRandom random) {
    return new Mischief() {
      @Override
      boolean fencesDetach() {
        return false;
      }
    };
  }

  static Mischief resetNotFenced(SplittableRandom random) {
    return new Mischief() {
      @Override
      boolean fencesReset() {
        return false;
      }
    };
  }

  static Mischief twoOwners(SplittableRandom random) {
    return new Mischief() {
      @Override
      boolean sharesFunctions() {
        return true;
      }
    };
  }
}
