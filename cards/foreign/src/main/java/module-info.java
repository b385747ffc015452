/** A card that somebody else's process is: any device that speaks vfio-user. */
module farslot.cards.foreign {
  requires transitive farslot.function;

  uses farslot.function.MirrorGuideProvider;

  provides farslot.function.CardProvider with
      farslot.cards.foreign.ForeignProvider;
}
