/** The link and what stands on it, simulated: one thread, one seed, virtual time. */
module farslot.sim {
  requires transitive farslot.link;
  requires farslot.fabric;
  requires farslot.function;
  requires farslot.memory;

  exports farslot.sim;
}
