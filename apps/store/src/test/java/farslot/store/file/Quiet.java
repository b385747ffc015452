package farslot.store.file;

import java.util.ResourceBundle;

/**
 * Hears nothing: what a store says when its disk dies is right, and ten thousand times too often.
 */
final class Quiet implements System.Logger {
  @Override
  public String getName() {
    return "quiet";
  }

  @Override
  public boolean isLoggable(Level level) {
    return false;
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {}

  @Override
  public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {}
}
