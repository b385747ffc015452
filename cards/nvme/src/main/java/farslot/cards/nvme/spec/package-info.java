/**
 * Numbers of the NVM Express Base Specification, Revision 2.0 ("Base"), the NVM Command Set
 * Specification, Revision 1.0 ("NVM"), and the NVMe over PCIe Transport Specification, Revision 1.0
 * ("PCIe"). Constants only; section numbers are of those revisions.
 */
package farslot.cards.nvme.spec;
