package farslot.link;

/** What time asks of the rails of a session (docs/spec/pcieoe.md, sections 6.2, 7.2 and 7.4). */
final class RailTimers {
  /** A rail that owes an answer for so long is worth a word. */
  private static final long SUSPICION_NS = 100_000_000;

  /** A rail that owes an answer for so long should be tried anew. */
  private static final long SILENCE_NS = 250_000_000;

  /** A timer that fires so late tells that this end was asleep. */
  private static final long LATE_NS = 10_000_000;

  /** So much later than it must, the peer's keep-alive may come. */
  private static final long KEEP_ALIVE_SLACK_NS = 100_000_000;

  private final LinkSession session;
  private final SessionTerms terms;
  private final Transmitter transmitter;
  private final LinkSession.Owner owner;

  RailTimers(LinkSession session, Transmitter transmitter, LinkSession.Owner owner) {
    this.session = session;
    this.terms = session.terms();
    this.transmitter = transmitter;
    this.owner = owner;
  }

  /** When there is something to do about a rail. */
  long deadlineNs(SessionRail rail) {
    long silent = rail.clock.receivedNs + terms.silenceNs();
    long deadline = Math.min(Math.min(silent, quietDeadlineNs(rail)), rail.deadlineNs());
    return rail.clock.writable
        ? Math.min(
            Math.min(deadline, rail.clock.sentNs + terms.keepAliveNs()), rail.debt.deadlineNs())
        : deadline;
  }

  /**
   * When a rail that owes nothing has not even brought its peer's keep-alive, which comes at least
   * four times in the silence time. An end that only listens would not know of an outage otherwise
   * before all of that is over, and whoever connects anew is only this one of both.
   */
  private long quietDeadlineNs(SessionRail rail) {
    return rail.watched() && !rail.doubted()
        ? rail.listeningNs() + terms.silenceNs() / 4 + KEEP_ALIVE_SLACK_NS
        : Long.MAX_VALUE;
  }

  /**
   * Does what is due.
   *
   * @param asleep whether this end has not looked for long
   */
  void onTimer(SessionRail rail, boolean asleep, long nowNs) {
    if (asleep) {
      // That the peer is silent is not known.
      rail.clock.receivedNs = nowNs;
    }
    if (nowNs - rail.clock.receivedNs >= terms.silenceNs()) {
      String cause = "silent for %d ms".formatted((nowNs - rail.clock.receivedNs) / 1_000_000);
      // Perhaps only one direction is dead: the peer need not wait until it finds this rail silent.
      session.dropRail(rail, cause, nowNs);
      return;
    }
    if (nowNs - rail.clock.sentNs >= terms.keepAliveNs()) {
      rail.debt.now();
    }
    long deadline = Math.min(rail.deadlineNs(), quietDeadlineNs(rail));
    if (nowNs - deadline > LATE_NS) {
      rail.restart(nowNs);
    } else if (nowNs >= deadline) {
      transmitter.expire(rail, nowNs);
    }
    if (rail.suspect()) {
      voice(rail, nowNs);
    }
  }

  /** Says that a rail does not answer, once that has lasted. */
  private void voice(SessionRail rail, long nowNs) {
    long silentNs = nowNs - rail.suspectSinceNs();
    if (silentNs >= SUSPICION_NS && !rail.suspicionTold()) {
      rail.tellSuspicion(true);
      session.listener().onEvent(new LinkEvent.RailSuspect(session, rail.name(), silentNs));
    }
    if (silentNs >= SILENCE_NS && !rail.silenceTold()) {
      rail.tellSilence();
      owner.onRailSilent(session, rail, nowNs);
    }
  }
}
