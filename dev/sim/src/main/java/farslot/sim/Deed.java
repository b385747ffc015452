package farslot.sim;

/** What a {@link Step} does. */
enum Deed {
  /** The initiator shall have the function. */
  WANT(false),
  /** It shall not. */
  RELEASE(false),
  /** The appliance takes the function from whoever has it. */
  TAKE_AWAY(false),
  WRITE(false),
  READ(false),
  /** Jobs for the card: doorbell, descriptor, data, MSI. */
  JOB(false),
  HOT_RESET(false),
  /** All connections between two nodes break. */
  BREAK(true),
  /** They break again and again. */
  FLAP(true),
  /** Nothing passes between two nodes. */
  PARTITION(true),
  /** Nothing passes in one direction. */
  HALF_CUT(true),
  /** Frames are lost, doubled, damaged, late. */
  NOISE(true),
  /** Frames of some time ago come again. */
  ECHO(true),
  PAUSE_INITIATOR(true),
  PAUSE_APPLIANCE(true),
  CRASH_INITIATOR(true),
  CRASH_APPLIANCE(true);

  final boolean isFault;

  Deed(boolean isFault) {
    this.isFault = isFault;
  }
}
