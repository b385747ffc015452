package farslot.sim;

/** What an initiator finds in its configuration, and the network around it. */
interface Profile {
  /** Whether it shall have this function. */
  Wish wish(int function);

  /** The ways to an appliance. */
  Pair pair(int appliance);

  /** The process that answers there now. */
  Node appliance(int appliance);

  /** A function that a server may or may not be meant to have; outlives the initiator. */
  final class Wish {
    final Slot slot;
    final String functionName;
    private boolean wanted;

    Wish(Slot slot) {
      this.slot = slot;
      functionName = slot.name;
    }

    boolean isWanted() {
      return wanted;
    }

    void set(boolean now) {
      wanted = now;
    }
  }
}
