package farslot.cards.uart16550;

import farslot.cards.uart16550.modem.Exchange;
import farslot.function.BackEnds;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardProvider;
import farslot.function.PciFunction;
import farslot.function.SerialLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Makes cards of UARTs. */
public final class UartProvider implements CardProvider {
  private static final int PORTS_MAX = 8;

  @Override
  public String kind() {
    return "uart16550";
  }

  @Override
  public String summary() {
    return "one to eight serial ports (16550A): 8250_pci in Linux, and what drives QEMU's ports";
  }

  @Override
  public PciFunction create(CardConfig config, BackEnds backEnds) throws CardConfigException {
    CardModel model = model(config);
    boolean paced = config.bool("pace", false);
    long serialNumber = config.number("serial-number", 0, 0, Long.MAX_VALUE);
    List<CardConfig> ports = config.list("ports");
    if (ports.isEmpty()) {
      throw new CardConfigException(
          config.where()
              + ": 'ports' is missing; say what each is connected to, such as"
              + " 'ports: [{pty: /run/farslot/serial0}]', and {} for one that is not");
    }
    if (ports.size() > PORTS_MAX || model.deviceId(ports.size()) == 0) {
      throw new CardConfigException(
          "%s: model '%s' has %s ports, not %d; add {} for ones that are connected to nothing"
              .formatted(config.where(), model.word(), counts(model), ports.size()));
    }
    config.finish();
    return new UartFunction(model, lines(ports, backEnds), paced, serialNumber);
  }

  private static CardModel model(CardConfig config) throws CardConfigException {
    String word = config.string("model", CardModel.VSCOM.word());
    for (CardModel each : CardModel.values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw config.wrong(
        "model",
        "one of "
            + Arrays.stream(CardModel.values())
                .map(CardModel::word)
                .collect(Collectors.joining(", ")));
  }

  private static String counts(CardModel model) {
    List<String> counts = new ArrayList<>();
    for (int ports = 1; ports <= PORTS_MAX; ports++) {
      if (model.deviceId(ports) != 0) {
        counts.add(String.valueOf(ports));
      }
    }
    return String.join(" or ", counts);
  }

  private static List<SerialLine> lines(List<CardConfig> ports, BackEnds backEnds)
      throws CardConfigException {
    List<SerialLine> lines = new ArrayList<>();
    Exchange exchange = new Exchange();
    try {
      for (CardConfig port : ports) {
        lines.add(PortLines.line(port, backEnds, exchange));
      }
    } catch (CardConfigException e) {
      lines.forEach(SerialLine::close);
      throw e;
    }
    return lines;
  }
}
