package farslot.link;

/** Where a session stands, in the manner of the LTSSM (PCI Express Base Specification 4.2.5). */
public enum LinkState {
  /** A rail carries frames. */
  L0,
  /** No rail; both ends keep everything and wait for the next one until the hold time is over. */
  RECOVERY,
  /** Over, with a cause. Its streams have been told {@code onDown}. */
  DOWN
}
