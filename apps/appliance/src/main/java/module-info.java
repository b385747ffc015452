/** The appliance: slots, cards, sessions of servers. */
module farslot.appliance {
  requires transitive farslot.function;
  requires farslot.backend;
  requires farslot.carrier;
  requires farslot.link;
  requires transitive farslot.config;

  uses farslot.function.CardProvider;
}
