/** Carriers of PCIeoE frames. */
package farslot.carrier;
