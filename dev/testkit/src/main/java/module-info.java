/** For tests: a fake root complex, guest memory, seeded generators, the battery for cards. */
module farslot.testkit {
  requires transitive farslot.function;
  requires transitive farslot.memory;
  requires transitive org.junit.jupiter.api;
  requires farslot.chance;
  requires java.management;
  requires jdk.management;

  exports farslot.testkit;
}
