/**
 * A telephone modem behind a serial port: commands of V.250, data calls, fax Class 1 (T.31). All of
 * it is pure: time comes from an agent, calls from {@link farslot.function.Calls} or from the
 * card's own {@link farslot.cards.uart16550.modem.Exchange}.
 *
 * <p>Read {@link farslot.cards.uart16550.modem.Modem} first: it hands each byte of the computer's
 * (the DTE's) to whoever has the line just now.
 */
package farslot.cards.uart16550.modem;
