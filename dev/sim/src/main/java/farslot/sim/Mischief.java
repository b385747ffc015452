package farslot.sim;

import farslot.link.LinkEvent;
import farslot.pcie.TlpIn;
import java.util.function.Consumer;

/**
 * Where a deliberate bug gets in: around wires, streams and the decision who owns a function. Does
 * nothing by itself. What is under test knows nothing of it.
 */
class Mischief {
  static final Mischief NONE = new Mischief();

  /** A bug as it is in each world anew. */
  interface Maker {
    Mischief make(long seed);
  }

  /** A frame is being sent; what it passes on is what travels. */
  void onFrame(WireEnd from, byte[] frame, Consumer<byte[]> onward) {
    onward.accept(frame);
  }

  /** A frame arrives; what is returned is delivered. */
  byte[] onArrival(WireEnd from, byte[] frame) {
    return frame;
  }

  /** A process tells what has happened to its link. */
  void onEvent(Node node, LinkEvent event) {}

  /** Whether an initiator's attempt to connect gets under way. */
  boolean dials(Route route) {
    return true;
  }

  /** What a stream delivers goes to {@code in}. */
  TlpIn in(TlpIn in, boolean card) {
    return in;
  }

  /** The epoch of the next owner. */
  long epochAfter(long highest) {
    return highest + 1;
  }

  /** Whether an appliance refuses an epoch that is over. */
  boolean checksEpochs() {
    return true;
  }

  /** Whether an appliance keeps epochs over a crash. */
  boolean keepsEpochs() {
    return true;
  }

  /** Whether a card sends its MSI after the data. */
  boolean msiWaits() {
    return true;
  }

  /** Whether a card forgets everything when its owner changes. */
  boolean fencesDetach() {
    return true;
  }

  /** Whether a card forgets everything at Hot Reset. */
  boolean fencesReset() {
    return true;
  }

  /** Whether a function may be given away while somebody has it. */
  boolean sharesFunctions() {
    return false;
  }
}
