package farslot.sim;

import farslot.link.LinkStream;

/** What stands at the appliance's end of a stream. */
interface Holder {
  LinkStream stream();

  String who();

  /** The process that it lives in. */
  Node node();

  boolean isAtRest();

  /** Nothing comes any more. */
  void onDown();
}
