/** The link and what stands on it, simulated: one thread, one seed, virtual time. */
module farslot.sim {
  requires transitive farslot.link;
  requires farslot.api;
  requires farslot.appliance;
  requires farslot.fabric;
  requires farslot.function;
  requires farslot.initiator;
  requires farslot.manager;
  requires farslot.memory;
  requires farslot.store;
  requires tools.jackson.databind;

  exports farslot.sim;
  exports farslot.sim.fabric;
}
