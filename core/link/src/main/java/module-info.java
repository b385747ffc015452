/** PCIeoE: the frame, sessions that outlive their connections, credits. No sockets, no clock. */
module farslot.link {
  requires transitive farslot.pcie;

  exports farslot.link;
}
