/**
 * What both ends of a vfio-user session share: the protocol's numbers ({@link
 * farslot.vfiouser.wire.Wire}), messages in place ({@link farslot.vfiouser.wire.VfioUserMessage}),
 * what has come and what is to go ({@link farslot.vfiouser.wire.Inbox}, {@link
 * farslot.vfiouser.wire.Outbox}), VERSION's JSON, and where sockets are.
 */
package farslot.vfiouser.wire;
