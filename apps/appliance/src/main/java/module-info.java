/** The appliance: slots, cards, sessions of servers. */
module farslot.appliance {
  requires transitive farslot.api;
  requires transitive farslot.carrier;
  requires transitive farslot.config;
  requires transitive farslot.control;
  requires transitive farslot.function;
  requires farslot.backend;
  requires farslot.link;

  exports farslot.appliance;

  // What it keeps of its manager's orders is read and written as JSON.
  opens farslot.appliance to
      tools.jackson.databind;

  uses farslot.function.CardProvider;
}
