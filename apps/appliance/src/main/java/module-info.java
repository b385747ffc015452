/** The appliance: slots, cards, sessions of servers. */
module farslot.appliance {
  requires transitive farslot.carrier;
  requires transitive farslot.config;
  requires transitive farslot.control;
  requires transitive farslot.function;
  requires farslot.backend;
  requires farslot.link;

  exports farslot.appliance;

  uses farslot.function.CardProvider;
}
