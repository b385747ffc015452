package farslot.fuzz;

import java.nio.ByteBuffer;

/** What the script's end of a session has seen, so that frames can be made that fit. */
final class PeerState {
  /** What a peer that is asked for a new session calls it. */
  private static final int CHOSEN_SESSION = 0xABCD0001;

  int session;
  long tokenHigh;
  long tokenLow;

  /** The number that our end's next DATA frame has to have. */
  int expected = 1;

  /** One past the last DATA frame that was sent to us. */
  int seen = 1;

  /** A frame that the code under test has sent. */
  void sent(ByteBuffer frame) {
    int type = frame.get(3);
    switch (type) {
      case Frames.WELCOME -> {
        session = frame.getInt(8);
        tokenHigh = frame.getLong(Frames.TOKEN_AT);
        tokenLow = frame.getLong(Frames.TOKEN_AT + 8);
        expected = frame.getInt(16);
      }
      case Frames.HELLO -> {
        session = frame.getInt(8) == 0 ? CHOSEN_SESSION : frame.getInt(8);
        expected = frame.getInt(8) == 0 ? 1 : frame.getInt(16);
        seen = frame.getInt(8) == 0 ? 1 : seen;
      }
      case Frames.DATA -> {
        expected = frame.getInt(16);
        if (frame.getInt(12) - seen >= 0) {
          seen = frame.getInt(12) + 1;
        }
      }
      case Frames.ACK -> expected = frame.getInt(16);
      default -> {}
    }
  }
}
