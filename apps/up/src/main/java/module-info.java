/** A fabric in one process: an appliance, its manager, and this machine's own initiator. */
module farslot.up {
  requires transitive farslot.appliance;
  requires transitive farslot.manager;
  requires transitive farslot.initiator;

  exports farslot.up;
}
