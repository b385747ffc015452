package farslot.function;

/**
 * A card's configuration cannot be used; the message says what, where, and what to write instead.
 */
public class CardConfigException extends Exception {
  private static final long serialVersionUID = 1;

  public CardConfigException(String message) {
    super(message);
  }
}
