package farslot.pcie.nettlp;

/** What can be wrong with a datagram, the first found. It is counted and dropped. */
public enum NetTlpError {
  /** No room for NetTLP's header and a TLP's. */
  TOO_SHORT,
  /** More than the longest TLP. */
  TOO_LONG,
  /** The TLP's Length, format and the datagram's size contradict each other. */
  LENGTH,
  /** A memory request that crosses a 4 KiB boundary. */
  CROSSES_PAGE,
  /** Malformed in another way. */
  MALFORMED,
  /** An address type other than untranslated. */
  ADDRESS_TYPE
}
