/** The initiator: shows assigned functions to the hypervisors of its server. */
module farslot.initiator {
  requires transitive farslot.api;
  requires transitive farslot.carrier;
  requires transitive farslot.config;
  requires transitive farslot.control;
  requires transitive farslot.fabric;
  requires transitive farslot.link;
  requires transitive farslot.vfiouser;
  requires farslot.backend;

  exports farslot.initiator;
  exports farslot.initiator.orders;
  exports farslot.initiator.qmp;

  uses farslot.function.CardProvider;
  uses farslot.function.GuideProvider;
}
