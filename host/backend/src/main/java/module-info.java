/** What stands behind cards on this host: files and memory. */
module farslot.backend {
  requires transitive farslot.function;
  requires farslot.linux;

  exports farslot.backend;
}
