/**
 * The appliance: cards in slots ({@code Slot}, one for each function), and the servers that they
 * are lent to. Who may have what is said by whoever asks first, or by a manager ({@code
 * Management}, {@code Grants}); that nobody is let in with an old epoch is kept on disk ({@code
 * EpochStore}).
 *
 * <p>Slots belong to the data thread, files and managers to others; they meet by tasks on the loop.
 */
package farslot.appliance;
