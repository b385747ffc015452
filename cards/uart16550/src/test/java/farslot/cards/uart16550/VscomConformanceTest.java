package farslot.cards.uart16550;

/** The model passes what every card must. */
class VscomConformanceTest extends UartConformance {
  VscomConformanceTest() {
    super(CardModel.VSCOM, 8, 0, 0x1E00);
  }
}
