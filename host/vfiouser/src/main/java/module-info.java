/** The vfio-user protocol: a pure codec, and the server that shows a function to a hypervisor. */
module farslot.vfiouser {
  requires transitive farslot.fabric;
  requires transitive farslot.linux;

  exports farslot.vfiouser;
}
