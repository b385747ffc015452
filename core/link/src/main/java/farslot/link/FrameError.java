package farslot.link;

/**
 * What can be wrong with the bytes of a frame, the first found. The rail that brought it is ended
 * where it should have been reliable; the session goes on with the next one.
 */
public enum FrameError {
  /** Does not begin with the magic number: not PCIeoE. */
  MAGIC,
  /** Another major version. */
  VERSION,
  /** Shorter than a header, longer than permitted, not a multiple of 4, or not what arrived. */
  LENGTH,
  /** No such frame type. */
  TYPE,
  /** Flags that this version does not define. */
  FLAGS,
  /** The CRC is wrong, or missing where the rail needs one. */
  CRC,
  /** A record reaches beyond the frame, or bytes are left over after the last one. */
  RECORD_LENGTH,
  /** No such record kind. */
  RECORD_KIND,
  /** Record flags that its kind does not define. */
  RECORD_FLAGS,
  /** A record's body is not as its kind prescribes. */
  RECORD_BODY,
  /** HELLO, WELCOME, REFUSE or BYE with a body that is not as prescribed. */
  BODY
}
