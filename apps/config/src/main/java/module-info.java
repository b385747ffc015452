/** Configuration files of the programs: YAML, read with checks, and errors that say what to do. */
module farslot.config {
  requires transitive farslot.function;
  requires transitive farslot.link;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires tools.jackson.dataformat.yaml;

  exports farslot.config;
}
