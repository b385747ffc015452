/** For tests: a fake root complex, guest memory, seeded generators. */
module farslot.testkit {
  requires transitive farslot.fabric;
  requires transitive farslot.function;
  requires transitive farslot.link;
}
