package farslot.link;

/**
 * Whether something has happened to a session in this turn of its thread, and when time will make
 * something happen. Most of many sessions are quiet in most turns, and cost nothing then.
 */
final class Turn {
  private final LinkSession session;
  private final LinkSession.Owner owner;
  private long dueNs;
  private boolean touched;

  Turn(LinkSession session, LinkSession.Owner owner) {
    this.session = session;
    this.owner = owner;
  }

  /** Something has happened that the end of this turn, or a later deadline, has to do with. */
  void touch() {
    if (!touched) {
      touched = true;
      owner.onTouched(session);
    }
  }

  /** Ends a turn in which it was touched. Until it is touched again, only time can change it. */
  void end(long nowNs) {
    session.flush(nowNs);
    touched = false;
    dueNs = session.deadlineNs();
  }

  /** The session's deadline as its last turn left it. */
  long dueNs() {
    return dueNs;
  }
}
