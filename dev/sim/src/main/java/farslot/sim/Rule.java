package farslot.sim;

/** What must hold at every moment, whatever the network does. */
public enum Rule {
  POSTED_ONCE("every posted write is applied exactly once and in order"),
  ANSWERED_ONCE("every non-posted request is answered exactly once, or fails cleanly"),
  NOT_PASSED("no request and no completion passes a posted write before it"),
  MSI_AFTER_DATA("an MSI never comes before the data that it announces"),
  BYTES_INTACT("bytes arrive as they were sent"),
  CREDITS_KEPT("at rest all credits are back"),
  MEMORY_BOUNDED("replay buffers and queues stay inside their bounds"),
  ONE_OWNER("a function has one owner, and only the owner reaches it"),
  EPOCH_GROWS("each owner's epoch is above all before it"),
  FENCED("what an owner or a reset has left behind does not show later"),
  RAIL_AGREED("a rail is in a session only when both its ends have said so"),
  RAIL_IS_GONE("a rail that has ended is not used any more"),
  RAIL_RETURNS("a rail that is well is in use again after a while"),
  PROGRESS("while one of its rails is well a session does not stand still"),
  SACK_IS_TRUE("what is acknowledged has arrived, and stays"),
  SESSION_RESUMES("a session outlives breaks shorter than its hold time"),
  SESSION_ENDS("past the hold time a session ends, with a cause, at both ends"),
  PEERS_AGREE("neither end finds that the other breaks the protocol"),
  DEADLINE_KEPT("a guest's access is answered once, inside its deadline"),
  SHUT_OUT("once a server may have a function, nobody with an earlier assignment reaches it"),
  ONE_SERVER("an assignment's epoch is one server's"),
  LET_GO_FIRST("a function that is not taken by force leaves its guest before it is fenced"),
  SANITISED_FIRST("what has to be sanitised is, before anybody reaches it again"),
  FLOOR_KEPT("an appliance that has shut somebody out does so for ever"),
  CHANGE_KEPT("a change that was answered is never lost"),
  CHANGE_ENDS("once faults are over every change ends, and what is attached is what shall be"),
  WORK_COMPLETES("once the network is well, all work completes"),
  TIME_GOES_ON("nobody spins"),
  NO_EXCEPTION("nothing is thrown");

  public final String words;

  Rule(String words) {
    this.words = words;
  }
}
