package farslot.appliance;

import farslot.api.agent.Load;
import farslot.link.LinkStream;

/** What a function's streams have carried, one after the other. On the data thread. */
final class Carried {
  private long bytesDown;
  private long bytesUp;
  private long tlpsDown;
  private long tlpsUp;
  private long delayedNs;

  /** The one that is open, or null. */
  private LinkStream now;

  void begin(LinkStream stream) {
    end();
    now = stream;
  }

  void end() {
    if (now != null) {
      bytesDown += now.bytesReceived();
      bytesUp += now.bytesSent();
      tlpsDown += now.tlpsReceived();
      tlpsUp += now.tlpsSent();
      delayedNs += now.qosStatus().delayedNs();
      now = null;
    }
  }

  /**
   * All of it so far.
   *
   * @param operations the card's own count
   */
  Load load(long operations) {
    LinkStream open = now;
    if (open == null) {
      return new Load(bytesDown, bytesUp, tlpsDown, tlpsUp, operations, delayedNs, 0, 0);
    }
    return new Load(
        bytesDown + open.bytesReceived(),
        bytesUp + open.bytesSent(),
        tlpsDown + open.tlpsReceived(),
        tlpsUp + open.tlpsSent(),
        operations,
        delayedNs + open.qosStatus().delayedNs(),
        0,
        0);
  }
}
