/**
 * A client of vfio-user: a device that another process serves, as a card sees it.
 *
 * <p>One session, walked: {@link farslot.vfiouser.client.DeviceClient} connects and makes a {@code
 * DeviceSession}, whose {@code Greeting} asks what the device is. From then on a card's accesses
 * become messages, {@code DueReplies} knows which replies are due, {@code ReplyCheck} judges them,
 * {@code DmaService} carries out what the server wants of memory, and {@code IrqEvents} hears its
 * interrupts. What comes in and goes out passes a {@code Channel}, or two: servers that wait for
 * answers to their own commands get a twin socket for them. Whatever the server does that it may
 * not do ends the session, in words, and nothing of it is left.
 */
package farslot.vfiouser.client;
