package farslot.function;

/**
 * The configuration is as it should be, but what it names cannot be had now: an image that is
 * missing, too short or in use. The slot stays empty and says why; the others serve.
 */
public final class CardUnavailableException extends CardConfigException {
  private static final long serialVersionUID = 1;

  public CardUnavailableException(String message) {
    super(message);
  }
}
