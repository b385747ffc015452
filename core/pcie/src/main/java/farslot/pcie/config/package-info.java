/**
 * Configuration-space numbers of PCI Express functions: offsets in bytes, masks for the register at
 * its own width, little-endian as configuration space is. Constants only. Section numbers are those
 * of the PCI Express Base Specification, revision 5.0.
 */
package farslot.pcie.config;
