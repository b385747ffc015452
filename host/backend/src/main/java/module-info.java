/** What stands behind cards on this host: files, memory, networks, terminals, other processes. */
module farslot.backend {
  requires transitive farslot.function;
  requires transitive farslot.linux;
  requires farslot.vfiouser;

  exports farslot.backend;
}
