/** PCI Express's own words: TLPs, identifiers, configuration-space numbers. No state, no I/O. */
module farslot.pcie {
  exports farslot.pcie;
  exports farslot.pcie.config;
  exports farslot.pcie.nettlp;
}
