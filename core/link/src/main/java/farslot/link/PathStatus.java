package farslot.link;

/**
 * One path of an initiator to its appliance, for people.
 *
 * @param number 0 to {@link FrameFormat#RAILS_MAX} - 1
 * @param address whom it dials, as its dialer says
 * @param state what it does now
 * @param sinceNs when that began, by the owner's clock; attempt after attempt is one thing
 * @param cause why it has no rail, or had none last; empty if it always had one
 */
public record PathStatus(int number, String address, State state, long sinceNs, String cause) {
  /** What a path does. */
  public enum State {
    /** It has a rail in the session. */
    UP,
    /** It tries to get one. */
    DIALLING,
    /** It tries again after a pause. */
    WAITING,
    /** It is not needed now: the peer uses one rail at a time, and there is another. */
    SPARE
  }
}
