/** What a card may reach of a server's memory: DMA windows and the checks at their edge. */
module farslot.memory {
  exports farslot.memory;
}
