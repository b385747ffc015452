package farslot.cli.output;

/**
 * One column of a table.
 *
 * @param title at its head
 * @param right whether it is a number, and its digits should stand below each other
 * @param wide whether it is shown only where much is wanted ({@code -o wide})
 * @param need how badly it is wanted on a narrow screen: 0 is left out first, then 1; {@link #KEPT}
 *     never
 * @param least characters that it may be cut down to; 0 for a column that is never cut
 */
public record Column(String title, boolean right, boolean wide, int need, int least) {
  static final int KEPT = 9;

  /** A column that is always there, whole. */
  public static Column of(String title) {
    return new Column(title, false, false, KEPT, 0);
  }

  /** A column of numbers. */
  public static Column number(String title) {
    return new Column(title, true, false, KEPT, 0);
  }

  /** Only with {@code -o wide}. */
  public Column onlyWide() {
    return new Column(title, right, true, need, least);
  }

  /** Left out where the screen is narrow; the lowest need first. */
  public Column need(int level) {
    return new Column(title, right, wide, level, least);
  }

  /** May be cut down to so many characters. */
  public Column least(int characters) {
    return new Column(title, right, wide, need, characters);
  }
}
