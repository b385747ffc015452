package farslot.link;

import farslot.chance.Fuzz;

/** How much random tests of whole links do. */
final class Scenarios {
  private Scenarios() {}

  /** How many to play: far fewer than iterations of a parser. */
  static int count() {
    return Math.clamp(Fuzz.iterations(0) / 50_000, 2, 200);
  }
}
