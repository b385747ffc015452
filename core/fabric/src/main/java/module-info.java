/**
 * The server's side: a virtual root port for each assigned function, and a software root complex.
 */
module farslot.fabric {
  requires transitive farslot.function;
  requires transitive farslot.memory;
  requires transitive farslot.pcie;

  exports farslot.fabric;
  exports farslot.fabric.software;
}
