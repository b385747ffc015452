/**
 * NetTLP's adapter as a card. {@link farslot.cards.nettlp.NetTlpFunction} puts together what the
 * server asks of the program ({@code GuestRequests}), what the program asks of the server's memory
 * ({@code ProgramRequests}) and what it wants to know beforehand ({@code Questions}).
 */
package farslot.cards.nettlp;
