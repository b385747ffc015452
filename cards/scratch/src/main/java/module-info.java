/** The example card: registers, a DMA engine, interrupts. The one to copy. */
module farslot.cards.scratch {
  requires transitive farslot.function;

  provides farslot.function.CardProvider with
      farslot.cards.scratch.ScratchProvider;
}
