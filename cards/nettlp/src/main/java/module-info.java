/** NetTLP's adapter: a card whose registers are a program that was written for LibTLP. */
module farslot.cards.nettlp {
  requires transitive farslot.function;

  provides farslot.function.CardProvider with
      farslot.cards.nettlp.NetTlpProvider;
}
