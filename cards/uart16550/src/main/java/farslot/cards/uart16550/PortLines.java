package farslot.cards.uart16550;

import farslot.function.BackEnds;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.SerialLine;

/** What is plugged into a port's connector, as its configuration says. */
final class PortLines {
  private PortLines() {}

  /** Opens it: nothing for {@code {}}, otherwise what the host has. */
  static SerialLine line(CardConfig port, BackEnds backEnds) throws CardConfigException {
    return port.isEmpty() ? new Nowhere() : backEnds.serial(port);
  }
}
