/** What a card is written against: registers, DMA, interrupts, configuration space, back ends. */
module farslot.function {
  requires transitive farslot.pcie;

  exports farslot.function;
  exports farslot.function.endpoint;
  exports farslot.function.state;
  exports farslot.function.faults;
}
