/** NetTLP's encapsulation of TLPs in UDP, and the two small protocols beside it. No I/O. */
package farslot.pcie.nettlp;
