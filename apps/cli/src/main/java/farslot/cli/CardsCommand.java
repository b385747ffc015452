package farslot.cli;

import farslot.appliance.Appliance;
import farslot.cli.output.ExitCode;
import farslot.function.CardProvider;
import java.util.Comparator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Lists what can stand in a slot. */
@Command(name = "cards", description = "List the kinds of card that an appliance can house.")
final class CardsCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    Appliance.cards().values().stream()
        .sorted(Comparator.comparing(CardProvider::kind))
        .forEach(card -> System.out.printf("%-12s %s%n", card.kind(), card.summary()));
    return ExitCode.OK;
  }
}
