package farslot.bench.hops;

import farslot.fabric.LocalFunction;
import farslot.function.BackEnds;
import farslot.function.Card;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardProvider;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.Interrupts;
import farslot.function.PciFunction;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Where one hop ends and the next begins inside a process. */
final class Borders {
  private Borders() {}

  /** From one hop into another and back. */
  private record Visit(Footprints prints, Hop to, Hop from) implements Border.Crossing {
    @Override
    public void enter(String method) {
      prints.at(to);
    }

    @Override
    public void leave() {
      prints.at(from);
    }
  }

  /** Between the server's software and the initiator. */
  static LocalFunction guest(LocalFunction function, Footprints prints) {
    // When a posted write returns, the operation goes on elsewhere: only what calls back counts.
    Border.Crossing in =
        method -> {
          if (method.equals("read") || method.equals("write")) {
            prints.at(Hop.INITIATOR);
          }
        };
    Border.Crossing out = method -> prints.at(Hop.GUEST);
    UnaryOperator<Object> back = each -> Border.around(each, out, Map.of());
    return (LocalFunction)
        Border.around(
            function,
            in,
            Map.of(LocalFunction.ReadDone.class, back, LocalFunction.Listener.class, back));
  }

  /** Between the appliance and a card. */
  static CardProvider card(CardProvider provider, Footprints prints) {
    return new Provider(provider, prints);
  }

  private static PciFunction card(PciFunction card, Footprints prints) {
    Border.Crossing in = new Visit(prints, Hop.CARD, Hop.APPLIANCE);
    Border.Crossing out = new Visit(prints, Hop.APPLIANCE, Hop.CARD);
    UnaryOperator<Object> back = each -> Border.around(each, in, Map.of());
    UnaryOperator<Object> away = each -> Border.around(each, out, Map.of(Dma.Done.class, back));
    UnaryOperator<Object> port =
        each ->
            Border.around(
                each,
                method -> {},
                Map.of(Dma.class, away, Interrupts.class, away, Runnable.class, back));
    return (PciFunction) Border.around(card, in, Map.of(FunctionPort.class, port));
  }

  private record Provider(CardProvider provider, Footprints prints) implements CardProvider {
    @Override
    public String kind() {
      return provider.kind();
    }

    @Override
    public String summary() {
      return provider.summary();
    }

    @Override
    public Card create(CardConfig config, BackEnds backEnds) throws CardConfigException {
      Card made = provider.create(config, backEnds);
      return made instanceof PciFunction function ? card(function, prints) : made;
    }
  }
}
