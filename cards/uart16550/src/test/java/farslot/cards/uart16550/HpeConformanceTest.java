package farslot.cards.uart16550;

/** The model passes what every card must. */
class HpeConformanceTest extends UartConformance {
  HpeConformanceTest() {
    super(CardModel.HPE, 1, 1, 0);
  }
}
