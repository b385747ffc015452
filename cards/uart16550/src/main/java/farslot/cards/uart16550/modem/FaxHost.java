package farslot.cards.uart16550.modem;

import java.lang.foreign.MemorySegment;

/** What the fax commands need of the modem that they belong to. */
interface FaxHost {
  /** The call, or null when nobody is there any more: what is sent then is heard by nobody. */
  Trunk trunk();

  DteOutput output();

  /** How many times faster than a telephone line. */
  int faxSpeed();

  /** How long a carrier is waited for: S7. */
  long carrierNs();

  /** CONNECT: what comes from the computer from now on is data, or aborts. */
  void faxConnected();

  /** A command is over: back to commands. */
  void faxDone(ResultCode result);

  /** Something was put out, or there is room for what the computer sends. */
  void faxProgress();

  /** Sends a frame; false when there is no room yet. */
  default boolean frame(MemorySegment from, int bytes) {
    Trunk trunk = trunk();
    if (trunk != null && !trunk.roomForSignal()) {
      return false;
    }
    if (trunk != null) {
      trunk.frame(from, 0, bytes);
    }
    return true;
  }

  default void carrier(Modulation modulation) {
    if (trunk() != null) {
      trunk().carrier(modulation);
    }
  }

  /** Whether the other end is there, and a modem. */
  default boolean hears() {
    return trunk() != null && trunk().modem();
  }

  /** A carrier of the other end's is over for this end. */
  default void heard() {
    if (trunk() != null) {
      trunk().heard();
    }
  }

  default void silence() {
    if (trunk() != null) {
      trunk().silence();
    }
  }
}
