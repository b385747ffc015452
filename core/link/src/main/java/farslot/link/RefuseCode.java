package farslot.link;

/** Why a rail or a session is refused (docs/spec/pcieoe.md, REFUSE). */
public enum RefuseCode {
  /** A code that this version does not know. */
  OTHER(0),
  /** Another major version. */
  VERSION(1),
  /** What came is not PCIeoE, or not as it must be. */
  MALFORMED(2),
  /** The session to resume is not known here: this end has restarted, or its hold time is over. */
  UNKNOWN_SESSION(3),
  /** The token is not that of the session, or another node asks. */
  BAD_TOKEN(4),
  /** As many sessions as this end serves are there already. */
  BUSY(5),
  /** The rail cannot carry the session's frames, or the sizes offered cannot be agreed on. */
  FRAME_SIZE(6),
  /** The sequence to resume at is not in the replay buffer any more, or was never sent. */
  SEQUENCE(7),
  /** This node is not let in. */
  NOT_ALLOWED(8),
  /** This end is going down. */
  SHUTTING_DOWN(9),
  /** Another instance with this node's name has begun a session; only in BYE. */
  REPLACED(10);

  private final int code;

  RefuseCode(int code) {
    this.code = code;
  }

  /** The number on the wire, 16 bits. */
  public int code() {
    return code;
  }

  /** The constant with this number; {@link #OTHER} when there is none. */
  public static RefuseCode of(int code) {
    for (RefuseCode refuse : values()) {
      if (refuse.code == code) {
        return refuse;
      }
    }
    return OTHER;
  }
}
