package farslot.config;

/** A configuration cannot be used; the message says where, what, and what is expected. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ConfigException(String message) {
    super(message);
  }
}
