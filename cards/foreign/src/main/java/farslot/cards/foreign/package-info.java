/**
 * A card that another process is. {@code ForeignCard} puts a {@code ForeignFunction} into its slot
 * whenever that process is there: {@code ForeignSpec} makes its specification from what the device
 * says of itself, {@code GuestRequests} passes on what the server wants of its registers, {@code
 * DeviceDma} what the device wants of the server's memory, {@code DeviceSettings} what software has
 * written to configuration space, and {@code DeviceInterrupts} its interrupts.
 */
package farslot.cards.foreign;
