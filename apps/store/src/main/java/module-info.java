/** What the manager remembers: the contract of its store, and the default, a log of files. */
module farslot.store {
  exports farslot.store;
  exports farslot.store.crash;
  exports farslot.store.file;
}
