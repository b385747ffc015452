package farslot.cli.output;

/**
 * One field of a table.
 *
 * @param text what it says; a dash stands for nothing
 */
public record Cell(String text, Style style) {
  public Cell {
    text = Columns.printable(text);
  }

  /** A field that needs no colour. */
  public static Cell plain(String text) {
    return new Cell(text.isEmpty() ? "-" : text, Style.PLAIN);
  }

  /** A field that says how something is. */
  public static Cell state(String word) {
    return new Cell(word.isEmpty() ? "-" : word, Style.of(word));
  }

  /** A field with a style of its own. */
  public static Cell of(String text, Style style) {
    return new Cell(text.isEmpty() ? "-" : text, style);
  }

  int width() {
    return Columns.of(text);
  }

  /** At most so wide; what is left out is shown as left out. */
  Cell within(int width) {
    return width() <= width
        ? this
        : new Cell(Columns.within(text, Math.max(0, width - 1)) + "~", style);
  }
}
