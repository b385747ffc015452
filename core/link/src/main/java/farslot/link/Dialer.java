package farslot.link;

/** Makes rails to a peer, for the end that dials. On the owner's thread only. */
public interface Dialer {
  /** Who dials. */
  interface Caller extends RailTaker {
    /**
     * Somebody has answered, and what is left takes work rather than luck (keys are agreed on): an
     * attempt in a hurry need not be given up so soon.
     */
    default void onAnswered(long nowNs) {}

    /** The rail that was asked for cannot be had now. */
    void onDialFailed(String cause, long nowNs);
  }

  /**
   * Begins to make one; never waits. Ends in exactly one call of {@link Caller#onRail} or {@link
   * Caller#onDialFailed}, not from inside this call; or in none, after {@link #abandon}.
   */
  void dial(Caller caller);

  /**
   * Gives the attempt up that is under way, if there is one: its caller hears no more of it, and it
   * may be dialled anew at once. Rails that were made stay.
   */
  void abandon();

  /**
   * Whether an attempt asks again by itself, several times in a tenth of a second: then nothing is
   * won by giving it up and dialling anew, as it is where TCP would wait for a second.
   */
  default boolean repeatsItself() {
    return false;
  }

  /**
   * Largest frame that its rails carry, bytes, as far as that is known before there is one; else
   * {@link FrameFormat#FRAME_BYTES_MAX}.
   */
  default int frameBytesMax() {
    return FrameFormat.FRAME_BYTES_MAX;
  }

  /** Whom it dials, for people: {@code tcp appliance.lan:7580}. */
  String describe();
}
