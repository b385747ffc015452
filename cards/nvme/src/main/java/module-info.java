/** An NVM Express I/O controller, and the DMA guide for all of its kind. */
module farslot.cards.nvme {
  requires farslot.function;

  provides farslot.function.CardProvider with
      farslot.cards.nvme.NvmeProvider;
  provides farslot.function.GuideProvider with
      farslot.cards.nvme.guide.NvmeGuideProvider;
  provides farslot.function.MirrorGuideProvider with
      farslot.cards.nvme.guide.NvmeMirrorProvider;
}
