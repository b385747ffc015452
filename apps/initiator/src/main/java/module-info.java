/** The initiator: shows assigned functions to the hypervisors of its server. */
module farslot.initiator {
  requires transitive farslot.fabric;
  requires farslot.carrier;
  requires farslot.link;
  requires farslot.vfiouser;
  requires transitive farslot.config;
}
