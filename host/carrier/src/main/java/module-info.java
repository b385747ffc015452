/** How frames travel: TCP, memory. */
module farslot.carrier {
  requires transitive farslot.function;
  requires transitive farslot.link;
  requires transitive farslot.linux;

  exports farslot.carrier;
  exports farslot.carrier.seal;
}
