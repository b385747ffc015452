package farslot.sim.fabric;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What is simulated says a lot that nobody reads: what happens is in the trace. */
final class Logs {
  /** Held, so that its level is not forgotten. */
  private static final Logger OURS = Logger.getLogger("farslot");

  private Logs() {}

  static void quiet() {
    OURS.setLevel(Level.OFF);
  }
}
