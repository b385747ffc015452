/**
 * An Ethernet card whose virtual functions are lent one by one: {@link
 * farslot.cards.nic82599.Nic82599Card} is the whole, {@link farslot.cards.nic82599.VirtualFunction}
 * what a server gets, {@link farslot.cards.nic82599.Registers} its parts.
 *
 * <p>A frame's way: {@link farslot.cards.nic82599.TransmitQueue} takes descriptors from its {@link
 * farslot.cards.nic82599.DescriptorRing} and reads their data; {@link
 * farslot.cards.nic82599.Offloads} makes frames of it; the switch in {@code bridge} chooses who
 * gets them; {@link farslot.cards.nic82599.Received} looks at each, and a {@link
 * farslot.cards.nic82599.ReceiveQueue} writes it into the buffers that its descriptors name. {@link
 * farslot.cards.nic82599.Causes} makes interrupts of what has happened, at the end of a {@link
 * farslot.function.Turn}.
 *
 * <p>The physical function is never lent: its part in the {@link farslot.cards.nic82599.Mailbox} is
 * {@link farslot.cards.nic82599.MailboxRequests}.
 */
package farslot.cards.nic82599;
