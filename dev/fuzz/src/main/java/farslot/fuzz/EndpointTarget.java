package farslot.fuzz;

import farslot.function.Card;
import java.util.List;
import java.util.function.Function;

/**
 * A card behind its endpoint, which any TLPs reach: requests, completions of reads that it has sent
 * and of ones that it has not, hot resets, a wire that takes nothing.
 */
final class EndpointTarget implements Target {
  private final Function<Script, Card> cards;
  private final List<byte[]> seeds;

  private EndpointTarget(Function<Script, Card> cards, List<byte[]> seeds) {
    this.cards = cards;
    this.seeds = seeds;
  }

  /** A drive, or the scratch card. */
  static EndpointTarget usual() {
    return new EndpointTarget(
        script -> (script.u8() & 1) == 0 ? Cards.nvme() : Cards.scratch(),
        List.of(EndpointSeeds.nvme(), EndpointSeeds.scratch(), EndpointSeeds.requests()));
  }

  static EndpointTarget virtio() {
    return new EndpointTarget(script -> Cards.virtio(), List.of(CardSeeds.virtio()));
  }

  static EndpointTarget nic82599() {
    return new EndpointTarget(script -> Cards.nic82599(), List.of(CardSeeds.nic82599()));
  }

  static EndpointTarget uart16550() {
    return new EndpointTarget(script -> Cards.uart16550(), List.of(CardSeeds.uart16550()));
  }

  @Override
  public void run(byte[] input) {
    Script script = new Script(input);
    new EndpointSlot(cards.apply(script)).run(script);
  }

  @Override
  public List<byte[]> seeds() {
    return seeds;
  }
}
