package farslot.cli.fabric;

import farslot.cli.output.Cell;
import farslot.cli.output.Column;
import farslot.cli.output.Style;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A column of a table of things, and what of a thing stands in it.
 *
 * @param cell of a thing, as the manager tells of it
 */
record Field(Column column, Function<JsonNode, Cell> cell) {
  /** What a thing is called by. */
  static Field name(String title, String key) {
    return new Field(Column.of(title), item -> Cell.of(Items.text(item, key), Style.STRONG));
  }

  static Field text(String title, String key) {
    return of(title, item -> Items.text(item, key));
  }

  static Field number(String title, String key) {
    return new Field(Column.number(title), item -> Cell.plain(Items.text(item, key)));
  }

  /** A word that says how a thing is, also by its colour. */
  static Field state(String title, Function<JsonNode, String> word) {
    return new Field(Column.of(title), item -> Cell.state(word.apply(item)));
  }

  /** A list, in one line. */
  static Field texts(String title, String key) {
    return of(title, item -> String.join(", ", Items.texts(item, key)));
  }

  /** Pairs of names and values, in one line. */
  static Field pairs(String title, String key) {
    return of(title, item -> Items.pairs(item.path(key)));
  }

  /** Anything else. */
  static Field of(String title, Function<JsonNode, String> text) {
    return new Field(Column.of(title), item -> Cell.plain(text.apply(item)));
  }

  /** The same as a number, whose digits stand below each other. */
  Field asNumber() {
    return with(Column.number(column.title()));
  }

  /** As {@link Column#onlyWide}. */
  Field onlyWide() {
    return with(column.onlyWide());
  }

  /** As {@link Column#need}. */
  Field need(int level) {
    return with(column.need(level));
  }

  /** As {@link Column#least}. */
  Field least(int characters) {
    return with(column.least(characters));
  }

  private Field with(Column other) {
    return new Field(other, cell);
  }
}
