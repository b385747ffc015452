/** A 10 Gb Ethernet card whose virtual functions are lent one by one, and the switch inside it. */
@SuppressWarnings("module") // The card's name ends with digits.
module farslot.cards.nic82599 {
  requires transitive farslot.function;

  provides farslot.function.CardProvider with
      farslot.cards.nic82599.Nic82599Provider;
  provides farslot.function.GuideProvider with
      farslot.cards.nic82599.guide.VfGuideProvider;
}
