/** A virtio block device over PCI, and the guide for split virtqueues. */
module farslot.cards.virtio {
  requires farslot.function;

  provides farslot.function.CardProvider with
      farslot.cards.virtio.VirtioBlkProvider;
  provides farslot.function.GuideProvider with
      farslot.cards.virtio.VirtqueueGuideProvider;
}
