/** Seeing the wire: a tap for rails, pcapng files, filters, NetTLP's encapsulation. No clock. */
module farslot.capture {
  requires transitive farslot.link;

  exports farslot.capture;
}
