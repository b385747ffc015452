package farslot.cards.uart16550;

import farslot.cards.uart16550.modem.Exchange;
import farslot.cards.uart16550.modem.Modem;
import farslot.function.BackEnds;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.SerialLine;

/** What is plugged into a port's connector, as its configuration says. */
final class PortLines {
  private PortLines() {}

  /** Opens it: nothing for {@code {}}, a modem of ours, otherwise what the host has. */
  static SerialLine line(CardConfig port, BackEnds backEnds, Exchange exchange)
      throws CardConfigException {
    if (port.isEmpty()) {
      return new Nowhere();
    }
    if (!port.has("modem")) {
      return backEnds.serial(port);
    }
    SerialLine modem = Modem.open(port.section("modem"), backEnds, exchange);
    port.finish();
    return modem;
  }
}
