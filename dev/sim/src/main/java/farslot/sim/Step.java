package farslot.sim;

/**
 * One thing that is done to the world, from outside: work, or a fault.
 *
 * @param index its number in the seed's plan
 * @param atNs when
 * @param initiator which, where it matters
 * @param target function, or appliance, as the deed asks for
 * @param route which of the ways between the two, or {@link #ALL_ROUTES}
 * @param amount how many, how much
 * @param size bytes, or per thousand
 * @param durationNs after which it is over, for a fault
 */
record Step(
    int index,
    long atNs,
    Deed deed,
    int initiator,
    int target,
    int route,
    int amount,
    int size,
    long durationNs) {
  static final int ALL_ROUTES = -1;

  /** The same under another number. */
  Step numbered(int number) {
    return new Step(number, atNs, deed, initiator, target, route, amount, size, durationNs);
  }

  /** When nothing is left of it. */
  long endNs() {
    return atNs + durationNs;
  }

  @Override
  public String toString() {
    return "step %d: %s i%d %s%d%s, amount %d, size %d%s"
        .formatted(
            index,
            deed,
            initiator,
            deed.isOfAppliance ? "a" : "f",
            target,
            deed.isOfAppliance && route != ALL_ROUTES ? "/" + route : "",
            amount,
            size,
            durationNs > 0 ? ", for " + durationNs / World.MS + " ms" : "");
  }
}
