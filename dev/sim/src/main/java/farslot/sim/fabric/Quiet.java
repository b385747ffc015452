package farslot.sim.fabric;

import java.util.ResourceBundle;

/** A log that nobody reads: what happens is in the trace. */
final class Quiet implements System.Logger {
  static final System.Logger LOG = new Quiet();

  private Quiet() {}

  @Override
  public String getName() {
    return "sim";
  }

  @Override
  public boolean isLoggable(Level level) {
    return false;
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {}

  @Override
  public void log(Level level, ResourceBundle bundle, String format, Object... arguments) {}
}
