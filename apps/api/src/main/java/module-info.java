/** The management API: its shape for both ends, and how a manager's agents speak with it. */
module farslot.api {
  requires transitive farslot.control;
  requires transitive farslot.pki;
  requires transitive tools.jackson.databind;
  requires tools.jackson.core;

  exports farslot.api;
  exports farslot.api.agent;
  exports farslot.api.client;

  // Reports and orders are read from and written as JSON, by their records' components.
  opens farslot.api.agent to
      tools.jackson.databind;
}
