/** QEMU's control sockets: the protocol, and guests as those see them who plug cards into them. */
package farslot.initiator.qmp;
