package farslot.sim.fabric;

import farslot.sim.World;

/**
 * One thing that is done to a fabric, from outside.
 *
 * @param index its number in the seed's plan
 * @param function of all, by number
 * @param server which, where it matters
 * @param guest of that server; one more than there are is for a socket that is handed out
 * @param amount how much, or which way
 * @param durationNs after which it is over, for a fault
 */
record FabricStep(
    int index,
    long atNs,
    FabricDeed deed,
    int function,
    int server,
    int guest,
    int amount,
    long durationNs) {
  FabricStep numbered(int number) {
    return new FabricStep(number, atNs, deed, function, server, guest, amount, durationNs);
  }

  long endNs() {
    return atNs + durationNs;
  }

  @Override
  public String toString() {
    return "step %d: %s function %d, server %d, guest %d, amount %d%s"
        .formatted(
            index,
            deed,
            function,
            server,
            guest,
            amount,
            durationNs > 0 ? ", for " + durationNs / World.MS + " ms" : "");
  }
}
