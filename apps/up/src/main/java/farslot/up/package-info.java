/**
 * {@code farslot up}: what one machine needs to lend its cards, in one process and with one
 * configuration file. {@link farslot.up.UpConfig} says what that is, {@link farslot.up.FirstStart}
 * makes one where there is none, {@link farslot.up.Up} puts the parts together.
 */
package farslot.up;
