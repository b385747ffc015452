/**
 * A card of 16550A UARTs. What the data sheet says is in {@link farslot.cards.uart16550.UartSpec}.
 */
package farslot.cards.uart16550;
