/**
 * The vfio-user protocol: a pure codec, the server that shows a function to a hypervisor, and the
 * client that has a device from somebody else's server.
 */
module farslot.vfiouser {
  requires transitive farslot.fabric;
  requires transitive farslot.function;
  requires transitive farslot.linux;

  exports farslot.vfiouser;
  exports farslot.vfiouser.client;
}
