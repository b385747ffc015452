package farslot.cards.uart16550;

/** A card that does not mind. */
final class Quiet implements UartPort.Owner {
  @Override
  public void statusChanged() {}

  @Override
  public void interruptsChanged() {}
}
