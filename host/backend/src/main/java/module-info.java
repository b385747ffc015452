/** What stands behind cards on this host: files, memory, and UDP. */
module farslot.backend {
  requires transitive farslot.function;
  requires transitive farslot.linux;

  exports farslot.backend;
}
