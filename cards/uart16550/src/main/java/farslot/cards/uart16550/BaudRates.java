package farslot.cards.uart16550;

/** Divisors cannot make every rate; what they are meant to make is what the other end is told. */
final class BaudRates {
  private static final int[] USUAL = {
    50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 7200, 9600, 14400, 19200, 28800,
    38400, 57600, 76800, 115200, 128000, 230400, 250000, 256000, 460800, 500000, 576000, 921600,
    1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000
  };

  /** How far a receiver follows, in thousandths: the usual limit of asynchronous lines. */
  private static final int TOLERANCE = 25;

  private BaudRates() {}

  /** A usual rate, where the divided one is near it. */
  static int nearest(int base, int divisor) {
    int exact = Math.max(1, (base + divisor / 2) / divisor);
    int best = exact;
    long bestOff = Long.MAX_VALUE;
    for (int usual : USUAL) {
      long off = Math.abs((long) exact - usual);
      if (off * 1000 <= (long) usual * TOLERANCE && off < bestOff) {
        best = usual;
        bestOff = off;
      }
    }
    return best;
  }
}
