/** A card that somebody else's process is: any device that speaks vfio-user. */
module farslot.cards.foreign {
  requires transitive farslot.function;

  provides farslot.function.CardProvider with
      farslot.cards.foreign.ForeignProvider;
}
