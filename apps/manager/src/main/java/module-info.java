/** What a fabric's manager knows and decides: its documents, and how they may change. */
module farslot.manager {
  requires transitive farslot.api;
  requires transitive farslot.pki;
  requires transitive farslot.store;
  requires io.github.javadiffutils;
  requires org.eclipse.jetty.server;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires tools.jackson.dataformat.yaml;

  exports farslot.manager.access;
  exports farslot.manager.engine;
  exports farslot.manager.http;
  exports farslot.manager.model;
  exports farslot.manager.profiles;

  // Documents are read from and written as JSON, by their records' components; so are the bodies of
  // requests.
  opens farslot.manager.model to
      tools.jackson.databind;
  opens farslot.manager.access to
      tools.jackson.databind;
  opens farslot.manager.engine to
      tools.jackson.databind;
  opens farslot.manager.profiles to
      tools.jackson.databind;
}
