package farslot.sim.fabric;

/** What a {@link FabricStep} does. */
enum FabricDeed {
  ATTACH(false),
  DETACH(false),
  DETACH_BY_FORCE(false),
  MOVE(false),
  MOVE_BY_FORCE(false),
  /** A profile of some slots is applied, as a file says it. */
  APPLY_PROFILE(false),
  MOVE_PROFILE(false),
  DETACH_PROFILE(false),
  /** A guest begins anew: its driver is gone for a while. */
  REBOOT_GUEST(false),
  /** A hypervisor opens the socket that it was handed, and keeps it open. */
  OPEN_SOCKET(false),
  /** A server's guests do not let go of anything. */
  STUBBORN_GUEST(true),
  /** A card is pulled out and comes back. */
  PULL_CARD(true),
  /** The manager dies in the middle of what it writes, or between. */
  CRASH_MANAGER(true),
  CRASH_APPLIANCE(true),
  CRASH_SERVER(true),
  /** An agent and the manager do not hear each other. */
  SILENCE(true),
  /** What agents and the manager tell each other is lost, late or comes twice. */
  NOISE(true),
  /** A server and an appliance do not reach each other. */
  CUT(true),
  /** The manager's clocks jump, by up to a year, forwards or back. */
  CLOCK_JUMP(true),
  /** The manager's clocks stand still. */
  CLOCK_STOP(true),
  /** The manager's disk takes nothing. */
  DISK_FULL(true);

  final boolean isFault;

  FabricDeed(boolean isFault) {
    this.isFault = isFault;
  }
}
