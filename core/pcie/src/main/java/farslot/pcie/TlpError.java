package farslot.pcie;

/**
 * What can be wrong with the bytes of a TLP (a Malformed TLP, 2.3.1 and 2.2), the first found. The
 * receiver counts it and drops the TLP; it is never delivered.
 */
public enum TlpError {
  /** Fewer bytes than the header, or the data that it announces, needs; or more than that. */
  LENGTH_MISMATCH,
  /** More than {@link TlpLimits#TLP_BYTES_MAX} bytes, or more than 4 prefixes. */
  TOO_LONG,
  /** A Fmt and Type combination that the specification does not define. */
  UNKNOWN_TYPE,
  /** A memory request that crosses a 4 KiB boundary. */
  CROSSES_PAGE,
  /** Byte enables that 2.2.5 forbids for this length. */
  BYTE_ENABLES,
  /** Address bits that contradict the format: a 4-DW request below 4 GiB, or misaligned atomics. */
  ADDRESS,
  /** A length that this type may not have: I/O and configuration are 1 DW, atomics 1 to 8. */
  TYPE_LENGTH,
  /** A completion whose Byte Count, Lower Address and Length disagree. */
  BYTE_COUNT,
  /** A local prefix behind an end-to-end one (2.2.10). */
  PREFIX,
  /** The digest (ECRC) does not match. */
  ECRC
}
