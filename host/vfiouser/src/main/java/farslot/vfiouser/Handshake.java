package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.vfiouser.Requests.Outcome;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * The first request of a session, VERSION, and its answer. Where MSI-X is not to be shown as it is,
 * the card's capabilities are read in between.
 */
final class Handshake implements LocalFunction.ReadDone {
  /** Who waits for it. */
  interface Outcomes {
    /** Both agree; the answer has been written. */
    void onAgreed(ClientVersion client, ConfigFilter filter);

    /** The answer has been written; there is no session to be had. */
    void onRefused(String why);
  }

  private final LocalFunction function;
  private final VfioUserOptions.Msix msix;
  private final Replies replies;
  private final Requests requests;
  private final Outcomes outcomes;
  private ClientVersion client;
  private int id;
  private boolean over;

  Handshake(
      LocalFunction function,
      VfioUserOptions.Msix msix,
      Replies replies,
      Requests requests,
      Outcomes outcomes) {
    this.function = function;
    this.msix = msix;
    this.replies = replies;
    this.requests = requests;
    this.outcomes = outcomes;
  }

  Outcome execute(VfioUserMessage request) {
    if (request.command() != Wire.VERSION) {
      String why = "command " + request.command() + " before VERSION";
      return refuse(request, Refusal.ORDER, why);
    }
    if (request.payloadBytes() < Wire.VERSION_BYTES) {
      return refuse(request, Refusal.TOO_SHORT, "VERSION names no version");
    }
    try {
      client = ClientVersion.parse(request);
    } catch (ClientVersion.RefusedException e) {
      return refuse(request, e.refusal(), e.getMessage());
    }
    id = request.id();
    if (msix == VfioUserOptions.Msix.SHOWN) {
      agree(ConfigFilter.none());
      return Outcome.DONE;
    }
    function.read(LocalFunction.REGION_CONFIG, 0, MsixCapability.CONFIG_BYTES, this, 0);
    return Outcome.PENDING;
  }

  /** The capabilities of the card. A card that does not answer reads as all-ones. */
  @Override
  public void done(long cookie, MemorySegment data, long offset, int bytes) {
    if (!over) {
      agree(ConfigFilter.of(msix, data, offset));
      requests.complete();
    }
  }

  /** The card takes too long. */
  void giveUp() {
    agree(ConfigFilter.none());
    requests.complete();
  }

  /** The session has ended. */
  void close() {
    over = true;
  }

  private void agree(ConfigFilter filter) {
    over = true;
    byte[] json = client.reply();
    long at = replies.begin(id, Wire.VERSION, false, Wire.VERSION_BYTES + json.length);
    MemorySegment to = replies.segment();
    to.set(VfioUserMessage.U16, at + Wire.MAJOR_AT, (short) Wire.MAJOR);
    to.set(VfioUserMessage.U16, at + Wire.MINOR_AT, (short) client.agreedMinor());
    MemorySegment.copy(MemorySegment.ofArray(json), 0, to, at + Wire.VERSION_BYTES, json.length);
    outcomes.onAgreed(client, filter);
  }

  private Outcome refuse(VfioUserMessage request, Refusal refusal, String why) {
    over = true;
    replies.refuse(request, refusal.errno());
    outcomes.onRefused(why);
    return Outcome.DONE;
  }
}
