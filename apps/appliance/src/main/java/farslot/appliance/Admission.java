package farslot.appliance;

import farslot.link.AttachRefusal;
import farslot.link.AttachRequest;

/** Whether a server may have a function, beside that it is there and free. On the data thread. */
interface Admission {
  /** What comes of a request. */
  sealed interface Verdict {
    /**
     * Yes.
     *
     * @param epoch on the wire, higher than all before it
     */
    record Admitted(long epoch) implements Verdict {}

    /**
     * No.
     *
     * @param text for people, with what they may do about it
     */
    record Refused(AttachRefusal code, String text) implements Verdict {}
  }

  /**
   * Judges.
   *
   * @param highest epoch that the function had on the wire so far
   */
  Verdict judge(AttachRequest request, long highest);

  /** Of an appliance without a manager: whoever comes first, unless with an epoch that is over. */
  static Verdict firstCome(AttachRequest request, long highest) {
    long epoch = request.epoch() == 0 ? highest + 1 : request.epoch();
    return epoch > highest
        ? new Verdict.Admitted(epoch)
        : new Verdict.Refused(
            AttachRefusal.STALE_EPOCH, "epoch " + epoch + " is over; the last one was " + highest);
  }
}
