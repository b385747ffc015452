/** Serial ports: PCI cards with one to eight 16550A UARTs, and modems to put behind them. */
@SuppressWarnings("module") // The chip has its number in its name.
module farslot.cards.uart16550 {
  requires transitive farslot.function;

  provides farslot.function.CardProvider with
      farslot.cards.uart16550.UartProvider;
}
