package farslot.function.state;

/** A state that cannot be restored: damaged, of something else, or newer than what reads it. */
public final class StateException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param message for people: what is wrong, and with which part
   */
  public StateException(String message) {
    super(message);
  }
}
