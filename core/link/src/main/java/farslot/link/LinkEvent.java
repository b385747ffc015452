package farslot.link;

/**
 * Something that a person running the link may want to know. {@link #words} says it in one line.
 */
public sealed interface LinkEvent {
  /** One line for a log. */
  String words();

  /** A session has begun. */
  record SessionUp(LinkSession session, String rail) implements LinkEvent {
    @Override
    public String words() {
      return "%s with %s is up over %s".formatted(session, session.peer(), rail);
    }
  }

  /** A session has lost a rail; if it was the last, it waits for another one. */
  record RailLost(LinkSession session, String rail, String cause, int railsLeft)
      implements LinkEvent {
    @Override
    public String words() {
      return "%s with %s lost %s: %s%s"
          .formatted(
              session, session.peer(), rail, cause, railsLeft == 0 ? "" : "; left: " + railsLeft);
    }
  }

  /** A session that runs has got one more rail, or one in the place of another. */
  record RailJoined(LinkSession session, String rail, int rails) implements LinkEvent {
    @Override
    public String words() {
      return "%s with %s has got %s, rails now: %d".formatted(session, session.peer(), rail, rails);
    }
  }

  /** A rail does not answer; what it carried goes over others, if there are any. */
  record RailSuspect(LinkSession session, String rail, long silentNs) implements LinkEvent {
    @Override
    public String words() {
      return "%s with %s: %s has not answered for %d ms"
          .formatted(session, session.peer(), rail, silentNs / 1_000_000);
    }
  }

  /** A rail that did not answer does so again. */
  record RailReturned(LinkSession session, String rail, long silentNs) implements LinkEvent {
    @Override
    public String words() {
      return "%s with %s: %s answers again after %d ms"
          .formatted(session, session.peer(), rail, silentNs / 1_000_000);
    }
  }

  /** A session goes on over a new rail. */
  record Resumed(LinkSession session, String rail, long outageNs, int replayedFrames)
      implements LinkEvent {
    @Override
    public String words() {
      return "%s with %s resumed over %s after %d ms, %d frames sent again"
          .formatted(session, session.peer(), rail, outageNs / 1_000_000, replayedFrames);
    }
  }

  /** A session is over; its streams are down. */
  record SessionDown(LinkSession session, String cause) implements LinkEvent {
    @Override
    public String words() {
      return "%s with %s is down: %s".formatted(session, session.peer(), cause);
    }
  }

  /** A peer's rail was turned away. */
  record Refused(String rail, RefuseCode code, String text) implements LinkEvent {
    @Override
    public String words() {
      return "refused %s: %s (%s)".formatted(rail, text, code);
    }
  }

  /** The peer turned our rail away. */
  record RefusedByPeer(String rail, RefuseCode code, String text) implements LinkEvent {
    @Override
    public String words() {
      return "%s refuses us: %s (%s)".formatted(rail, text, code);
    }
  }

  /** The peer cannot be reached now. */
  record DialFailed(String peer, String cause, long retryNs) implements LinkEvent {
    @Override
    public String words() {
      return "cannot reach %s: %s; next try in %d ms".formatted(peer, cause, retryNs / 1_000_000);
    }
  }

  /** A rail works, and is replaced before what it was made with ends. */
  record RailAgeing(String peer, String cause) implements LinkEvent {
    @Override
    public String words() {
      return "%s: %s; making a new rail beside it".formatted(peer, cause);
    }
  }

  /** The session uses one rail at a time, and there are more paths. */
  record SparePaths(LinkSession session, int spares) implements LinkEvent {
    @Override
    public String words() {
      return "%s: the peer uses one rail at a time; %d more %s in when it fails"
          .formatted(session, spares, spares == 1 ? "path steps" : "paths step");
    }
  }

  /** There is one more path to the peer. */
  record PathAdded(int number, String peer) implements LinkEvent {
    @Override
    public String words() {
      return "path %d to %s added".formatted(number, peer);
    }
  }

  /** A path is no longer used. */
  record PathRemoved(int number, String peer) implements LinkEvent {
    @Override
    public String words() {
      return "path %d to %s removed".formatted(number, peer);
    }
  }

  /** A function was attached. */
  record StreamUp(LinkStream stream) implements LinkEvent {
    @Override
    public String words() {
      return "%s: '%s' attached with epoch %d"
          .formatted(stream.session(), stream.functionName(), stream.epoch());
    }
  }

  /** A function was detached. */
  record StreamDown(LinkStream stream, String cause) implements LinkEvent {
    @Override
    public String words() {
      return "%s: '%s' detached: %s".formatted(stream.session(), stream.functionName(), cause);
    }
  }

  /** A function was not attached. */
  record AttachRefused(
      LinkPeer peer, String functionName, AttachRefusal code, String holder, String text)
      implements LinkEvent {
    @Override
    public String words() {
      return "'%s' not attached for %s: %s (%s)".formatted(functionName, peer, text, code);
    }
  }
}
