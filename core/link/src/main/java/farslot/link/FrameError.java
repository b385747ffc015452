package farslot.link;

/**
 * What can be wrong with the bytes of a frame, the first found. A reliable rail that brought such a
 * frame is ended, since nothing after it can be trusted; any other drops the frame. The session
 * goes on.
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
  /** The CRC is wrong, or missing where the rail needs one. */
  CRC,
  /** A record reaches beyond the frame, or bytes are left over after the last one. */
  RECORD_LENGTH,
  /** No such record kind. */
  RECORD_KIND,
  /** A record's body is not as its kind prescribes. */
  RECORD_BODY,
  /** HELLO, WELCOME, REFUSE or BYE with a body that is not as prescribed. */
  BODY
}
