/**
 * The initiator: attaches the functions of a server at their appliances and shows each of them
 * where a hypervisor finds it ({@code Front}: a socket, or a server in software). Which ones its
 * configuration says, or a manager; what it does of a manager's orders is in {@code orders}, how it
 * speaks with QEMU in {@code qmp}.
 */
package farslot.initiator;
