package farslot.function;

/**
 * A kind of card, found by {@link java.util.ServiceLoader}: adding one touches its own folder and
 * the module list, nothing else.
 */
public interface CardProvider {
  /** The word that a configuration says in {@code card:}, for example {@code nvme}. */
  String kind();

  /** One line for {@code --help}: what the card is, and which drivers bind to it. */
  String summary();

  /**
   * Makes a card.
   *
   * @throws CardConfigException with what is wrong, where, and what to write instead
   */
  Card create(CardConfig config, BackEnds backEnds) throws CardConfigException;
}
