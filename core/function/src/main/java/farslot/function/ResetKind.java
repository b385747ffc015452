package farslot.function;

/** Ways in which a function is reset (PCI Express Base Specification 6.6). */
public enum ResetKind {
  /** Function Level Reset: this function only, its configuration space too. */
  FLR,
  /** Hot Reset, or the loss of the link: as a conventional reset. */
  HOT,
  /** D3hot to D0 with No_Soft_Reset clear. */
  D3_HOT
}
