/** An NVM Express I/O controller. */
module farslot.cards.nvme {
  requires farslot.function;

  provides farslot.function.CardProvider with
      farslot.cards.nvme.NvmeProvider;
}
