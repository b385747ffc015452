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
  /** What a function may send changes at both ends. */
  QOS(false),
  /** The initiator is told to use one more way to the appliance. */
  ADD_RAIL(false, true),
  /** It is told to use it no more. */
  REMOVE_RAIL(false, true),
  /** All connections on a route break. */
  BREAK(true),
  /** They break again and again. */
  FLAP(true),
  /** Nothing passes on a route, or on all. */
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

  /** Whether its target is an appliance rather than a function. */
  final boolean isOfAppliance;

  Deed(boolean isFault) {
    this(isFault, isFault);
  }

  Deed(boolean isFault, boolean isOfAppliance) {
    this.isFault = isFault;
    this.isOfAppliance = isOfAppliance;
  }
}
