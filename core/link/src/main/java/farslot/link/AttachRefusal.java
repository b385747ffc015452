package farslot.link;

/** Why a function is not attached (docs/spec/pcieoe.md, REFUSED). */
public enum AttachRefusal {
  /** A code that this version does not know. */
  OTHER(0),
  /** The appliance exports nothing under this name. */
  NO_SUCH_FUNCTION(1),
  /** Somebody has it; the holder's node name comes along. */
  HELD(2),
  /** The epoch asked for is below one that was granted before. */
  STALE_EPOCH(3),
  /** No stream or memory left for it. */
  NO_RESOURCES(4),
  /** This node may not have it. */
  NOT_ALLOWED(5),
  /** It is there, but cannot be used now. */
  NOT_READY(6),
  /** There is no session, or it went down before the answer; never on the wire. */
  NO_SESSION(0xFFFF);

  private final int code;

  AttachRefusal(int code) {
    this.code = code;
  }

  /** The number on the wire, 16 bits. */
  public int code() {
    return code;
  }

  /** The constant with this number; {@link #OTHER} when there is none. */
  public static AttachRefusal of(int code) {
    for (AttachRefusal refusal : values()) {
      if (refusal.code == code) {
        return refusal;
      }
    }
    return OTHER;
  }
}
