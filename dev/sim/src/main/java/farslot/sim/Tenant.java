package farslot.sim;

import farslot.link.LinkStream;
import farslot.pcie.TlpIn;

/** What stands at the initiator's end of a stream. */
interface Tenant {
  /** The stream is there; what comes out of it goes to {@link #in}. */
  void begin(LinkStream stream);

  TlpIn in();

  LinkStream stream();

  String who();

  /** Does what a step asks for. */
  void work(Step step);

  /** A little of everything. */
  void probe();

  /** Whether nothing waits for an answer. */
  boolean isAtRest();

  /** The stream is being given back. */
  void end();
}
